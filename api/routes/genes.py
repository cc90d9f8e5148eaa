"""Genes, and who regulates them."""

from fastapi import APIRouter

from api import answers
from api.dependencies import Filters, GeneInPath, Reader
from api.models.edges import EdgeAnswer
from api.models.genes import Gene

router = APIRouter(prefix="/genes", tags=["genes"])


@router.get("/{gene}")
async def read_gene(gene: GeneInPath, reader: Reader) -> Gene:
    """Return a gene by id, symbol, alias or previous symbol, and the contexts in which it is seen."""
    return Gene.model_validate(await reader.gene(gene))


@router.get("/{gene}/regulators")
async def read_regulators(gene: GeneInPath, filters: Filters, reader: Reader) -> EdgeAnswer:
    """Return the predicted regulators of a gene, best first, with the evidence of all sources."""
    return await answers.regulators(reader, filters.question(gene))
