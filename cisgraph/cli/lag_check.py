"""``cisgraph lags check``: the published checks of a lag model, beside what they can and cannot tell."""

import math
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings

if TYPE_CHECKING:
    import pandas as pd

    from model.lags.published.checks import Concordance
    from model.lags.published.separation import Separation

NOT_MEASURED = "not measured"
PERTURBATION = (
    "Perturbation (published: SMARCE1 p = .0089, SMARCB1 p = .056): not measured, no perturbed cells with "
    "RNA and ATAC are shipped; `model.lags.published.separation.perturbation_shift` takes such data."
)
TISSUES = (
    "Published: PAX5, Pax6, ASCL1 and Hnf4, p < 1e-4, each along a trajectory of its own tissue. None of "
    "these is shipped: what stands above is of other cells, and no repetition."
)
SIMULATED = (
    "LCS is the rank correlation of the learned lag with the prior lag that the loss draws it to. The "
    "published attention biases tokens of one cell, which share their time: it cannot see a sign, and the "
    "symmetric twin with the same loss reaches the same LCS. Only the last two columns can fail."
)


def check(
    *,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="Id of a data set in the graph; else simulated cells.")
    ] = None,
    root: Annotated[
        str | None, typer.Option("--root", help="Barcodes where a pseudotime starts, commas between.")
    ] = None,
    factor: Annotated[
        list[str] | None, typer.Option("--factor", help="Whose ChIP-seq separates; else the four published.")
    ] = None,
    cells: Annotated[int, typer.Option("--cells", min=200, help="Simulated cells.")] = 1_000,
    counts: Annotated[float, typer.Option("--counts", help="Mean count of a gene in a cell.")] = 1.0,
    genes: Annotated[int, typer.Option("--genes", min=10, help="Simulated genes.")] = 200,
    top: Annotated[int, typer.Option("--top", min=5, help="Genes at each end whose sets are tested.")] = 100,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Of the published model.")] = 10,
    source: Annotated[str, typer.Option("--source", help="Source of regulators in the graph.")] = "dorothea",
    seed: Annotated[int, typer.Option("--seed", help="Of cells, split and training.")] = 1,
) -> None:
    """Run the checks of the published lag model (TMO) beside ours: minutes on simulated cells."""
    require_training()
    console = standard_output()
    if dataset is None:
        _check_simulated(console, (cells, genes, counts), epochs=epochs, seed=seed)
        return
    from cisgraph.report.lag_checks import PUBLISHED_FACTORS, check_bound_genes, check_gene_sets
    from cisgraph.report.lag_data import estimate_lags, read_timed_cells

    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        progress("reading cells", None)
        timed = read_timed_cells(store, dataset, source_id=source, root=root, run_id=None, seed=seed)
        progress("estimating lags", None)
        lags = estimate_lags(timed, name="likelihood", seed=seed)
        sets = check_gene_sets(store, timed, lags, num_genes=top)
        bound = check_bound_genes(store, timed, lags, factors=factor or PUBLISHED_FACTORS, seed=seed)
    called = int((lags.lag_sign[lags.tested] != 0).sum())
    console.print(f"{lags.tested.sum():,} genes with a lag ({lags.unit}), {called:,} with a called sign")
    console.print(gene_set_rows(sets))
    console.print(bound_rows(bound))
    console.print(TISSUES)
    console.print(PERTURBATION)


def _check_simulated(console: Console, sizes: tuple[int, int, float], *, epochs: int, seed: int) -> None:
    from model.lags.attention import AttentionConfig
    from model.lags.published.checks import check_ours, check_published
    from model.lags.published.network import PublishedConfig
    from model.lags.simulate import TrajectoryDesign, simulate_trajectory
    from model.lags.trajectory_config import TrajectoryConfig

    num_cells, num_genes, mean_count = sizes
    design = TrajectoryDesign(num_cells=num_cells, num_genes=num_genes, mean_count=mean_count)
    published = PublishedConfig(num_epochs=epochs)
    simulated, config = simulate_trajectory(design, seed=seed), TrajectoryConfig()
    with shown_progress() as progress:
        progress("training the published model and its twins", None)
        told = list(check_published(simulated, settings=published, config=config, seed=seed))
        progress("training ours", None)
        for prior in ("likelihood", "cross-correlation"):
            settings = AttentionConfig(prior=prior)
            told.append(check_ours(simulated, settings=settings, config=config, seed=seed))
    console.print(concordance_rows(told))
    console.print(SIMULATED)
    console.print(PERTURBATION)


def concordance_rows(told: list["Concordance"]) -> Table:
    """Return the checks of each model."""
    table = Table("model", "LCS", "without state", "KS p", "LCS, held-out cells", "Spearman with the truth")
    for each in told:
        table.add_row(
            each.model, f"{each.training:.3f}", _figure(each.without_state), _figure(each.state_p, ".1e"),
            f"{each.held_out:.3f}", _figure(each.truth, absent="components have none"),
        )  # fmt: skip
    return table


def gene_set_rows(sets: "pd.DataFrame", *, each: int = 5) -> Table:
    """Return the surest gene sets of each side."""
    table = Table("side", "gene set", "genes", "hits", "expected", "p", "FDR", title="GO among extreme lags")
    for side in ("chromatin first", "RNA first"):
        found = sets[sets["side"] == side].head(each)
        for row in found.to_dict("records"):
            table.add_row(
                side, str(row["gene_set"]), f"{row['size']:.0f}", f"{row['hits']:.0f}",
                f"{row['expected']:.1f}", f"{row['p']:.1e}", f"{row['fdr']:.2g}",
            )  # fmt: skip
        if found.empty:
            table.add_row(side, NOT_MEASURED + ": no set with 5 to 500 genes that have a lag", *("",) * 5)
    return table


def bound_rows(bound: dict[str, tuple[str, "Separation | None"]]) -> Table:
    """Return how the bound genes of each factor are separated (published: p < 1e-4 in its own tissue)."""
    columns = ("factor", "what", "targets", "median lag", "like genes", "median lag", "p")
    table = Table(*columns, title="Bound genes")
    for factor, (what, found) in bound.items():
        if found is None or found.obstacle:
            reason = what if found is None else found.obstacle
            table.add_row(factor, f"{NOT_MEASURED}: {reason}", *("",) * 5)
            continue
        table.add_row(
            factor, what, f"{found.num_targets:,}", f"{found.targets:+.3f}", f"{found.num_background:,}",
            f"{found.background:+.3f}", f"{found.p:.2g}",
        )  # fmt: skip
    return table


def _figure(value: float, spec: str = ".3f", *, absent: str = "") -> str:
    return absent if math.isnan(value) else format(value, spec)
