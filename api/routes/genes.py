"""Genes: their names, who regulates them, their peaks, lags and regulons."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import answers, exports, many, regions
from api.dependencies import Filters, GeneInPath, InContexts, Reader
from api.formats.negotiation import IN_FORMATS, negotiated
from api.models.edges import EdgeAnswer
from api.models.genes import Gene
from api.models.networks import NamesToResolve, ResolvedNames
from api.models.regions import LagAnswer, PeakAnswer, RegulonAnswer
from api.told import Told

router = APIRouter(tags=["genes"])


@router.post("/genes:resolve")
async def resolve_names(asked: NamesToResolve, reader: Reader) -> ResolvedNames:
    """Return what up to 1,000 names mean: matched, alias, previous, ambiguous or not_found."""
    return await many.resolved(reader, asked)


@router.get("/genes/{gene}")
async def read_gene(gene: GeneInPath, reader: Reader) -> Gene:
    """Return a gene by id, symbol, alias or previous symbol, and the contexts in which it is seen."""
    return Gene.model_validate(await reader.gene(gene))


@router.get("/genes/{gene}/regulators", response_model=EdgeAnswer, responses=IN_FORMATS)
async def read_regulators(gene: GeneInPath, filters: Filters, reader: Reader, request: Request) -> Response:
    """Return the predicted regulators of a gene, best first, with the evidence of all sources."""
    format_ = negotiated(filters.format, request)
    question = filters.question(gene, rows="sources")
    if format_.name == "json":
        return Told(await answers.regulators(reader, question))
    return exports.page(await reader.regulators(question), format_)


@router.get("/genes/{gene}/peaks")
async def read_peaks(gene: GeneInPath, filters: InContexts, reader: Reader) -> PeakAnswer:
    """Return the candidate peaks of a gene, nearest first, with learned links and what binds them."""
    return await regions.peaks(reader, gene, filters)


@router.get("/genes/{gene}/lags")
async def read_lags(gene: GeneInPath, filters: InContexts, reader: Reader) -> LagAnswer:
    """Return by how much transcription of a gene follows its chromatin, by run and context."""
    return await regions.lags(reader, gene, filters)


@router.get("/genes/{gene}/regulons")
async def read_regulons(gene: GeneInPath, filters: InContexts, reader: Reader) -> RegulonAnswer:
    """Return the regulons that a gene is a member of, with the peaks that speak for each."""
    return await regions.regulons(reader, gene, filters)
