"""``cisgraph validate``: a run, or anybody's network file, against databases that it did not read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.baselines import names
from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import circularity_rows, not_judged_words, print_contrasts, print_exams
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import ROOT, required_libraries, unmet
from cisgraph.settings import load_settings
from cisgraph.shipped import chip_contexts
from graph import runs
from graph.cypher import validate as statements
from graph.errors import NotFoundError
from graph.progress import Progress
from graph.store import GraphStore
from graph.validation.report_card import judge_run, run_details, sit
from graph.validation.seeds import REPORTED_SEED

COPIED_RATE = 0.5
"""Above this share of listed pairs a network is likely made from its judge: no method finds so many."""


def validate(
    what: Annotated[
        str, typer.Argument(metavar="RUN|FILE", help="A complete run, or a file with a network.")
    ],
    *,
    against: Annotated[
        str, typer.Option(help="Judges of a file: databases of the graph, dorothea:ABC for levels, or chip.")
    ] = "",
    trained_on: Annotated[
        str, typer.Option(help="Databases that a file's network was made with: they do not judge.")
    ] = "",
    file_format: Annotated[
        str | None, typer.Option("--format", help="Format of a file; without it, its columns tell.")
    ] = None,
    negative: Annotated[
        Literal["refuse", "magnitude", "value"],
        typer.Option(help="What a negative weight means: repression of that size, or a lower place."),
    ] = "refuse",
    species: Annotated[str, typer.Option(help="Species of a file's genes.")] = "human",
    dataset: Annotated[
        str | None,
        typer.Option(help="Data set whose expressed genes are asked about; else all known targets."),
    ] = None,
    gene_sets: Annotated[
        Path | None, typer.Option(help="GMT file for the coherence of regulons; else the graph's gene sets.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder for pictures, JSON and HTML; cisgraph-validation/NAME without it."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of bootstraps and swaps.")] = REPORTED_SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Judge a run or a network on pairs that it did not read, baselines beside it, with pictures."""
    path = Path(what)
    is_file = path.exists() or bool(path.suffix) or path.name != what
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        if is_file:
            from cisgraph.judging.network import Asked, validate_file

            asked = Asked(
                path=path,
                against=tuple(names(against)),
                trained_on=tuple(names(trained_on)),
                kind=file_format,
                negative_weights=negative,
                species=species,
                dataset_id=dataset,
                gene_sets=gene_sets,
                seed=seed,
            )
            figures = validate_file(store, asked, progress=progress)
        else:
            figures = _validated_run(store, what, seed=seed, progress=progress)
        symbols = _symbols(store, figures)
    name = path.name.split(".")[0] if is_file else what
    folder = output or Path("cisgraph-validation") / name
    if as_json:
        typer.echo(json.dumps(figures))
        return
    _print(standard_output(), figures)
    _write(standard_output(), figures, title=f"Validation of {name}", folder=folder, symbols=symbols)


def _validated_run(store: GraphStore, run_id: str, *, seed: int, progress: Progress) -> dict[str, Any]:
    try:
        contexts = chip_contexts(runs.get(store, run_id)["dataset_id"])
    except NotFoundError as error:
        raise NotFoundError(
            f"expected a run or a network file, found neither of the name {run_id!r}",
            hint="`cisgraph runs list` shows the runs; check the path of a file",
        ) from error
    progress("reading scores and evidence", None)
    sitting = sit(store, run_id, chip_contexts=contexts, seed=seed)
    figures = judge_run(store, sitting, seed=seed, progress=progress)
    return figures | run_details(sitting, seed=seed, progress=progress)


def _symbols(store: GraphStore, figures: Mapping[str, Any]) -> dict[str, str]:
    told = {row["regulator"] for detail in figures["details"] for row in detail["by_regulator"]}
    pairs = figures.get("conflicts", {"pairs": []})["pairs"]
    told |= {pair[side] for pair in pairs for side in ("source", "target")}
    rows = store.read(statements.SYMBOLS, gene_ids=sorted(told))
    return {row["gene_id"]: row["symbol"] for row in rows}


def _print(console: Console, figures: Mapping[str, Any]) -> None:
    if "network" in figures:
        _print_network(console, figures["network"])
    print_exams(console, figures["validation"])
    for exam in figures["not_judged"]:
        console.print(f"not judged: {not_judged_words(exam)}")
    print_contrasts(console, figures.get("contrasts", []))
    for row in figures.get("signs", []):
        if row["num_compared"]:
            console.print(
                f"signs: {row['rate']:.0%} of {row['num_compared']:,} pairs agree with {row['source_id']} "
                f"({row['expected']:.0%} by chance)"
            )
    for detail in figures["details"]:
        if detail["matched"]:
            console.print(_matched_words(detail))
        for test in detail["randomisation"]:
            kept = "all degrees" if test["keeps"] == "both" else "out-degrees"
            least = "<= " if test["p"] <= 1 / (test["num_random"] + 1) else "= "
            console.print(
                f"{detail['exam']}: {test['observed']:,.0f} hits in the {test['num_edges']:,} best edges, "
                f"{test['mean']:,.1f} on average in {test['num_random']} random networks with {kept} kept "
                f"(p {least}{test['p']:.2g})"
            )
    _print_circularity(console, figures)


def _matched_words(detail: Mapping[str, Any]) -> str:
    told = detail["matched"]
    plain, matched = (
        f"{told[name]:.3f}"
        + ("" if told[f"{name}_low"] is None else f" ({told[f'{name}_low']:.3f}-{told[f'{name}_high']:.3f})")
        for name in ("auroc", "matched_auroc")
    )
    return (
        f"{detail['exam']}: mean AUROC of {told['num_regulators']} regulators {plain}; "
        f"against targets of the same expression {matched}"
    )


def _print_network(console: Console, about: Mapping[str, Any]) -> None:
    found = about["names"]
    console.print(f"read as {'; '.join([about['format'], *about['notes']])}")
    console.print(
        f"{about['num_rows']:,} rows: {found['source']['num_found']} of {found['source']['num_names']} "
        f"regulators and {found['target']['num_found']:,} of {found['target']['num_names']:,} targets "
        f"understood, {about['num_returned']:,} different pairs in the universe"
    )
    dropped = {"repeat a pair (its highest weight counts)": "num_repeated", "are self pairs": "num_self",
               "name genes outside the universe": "num_outside"}  # fmt: skip
    for words, key in dropped.items():
        if about[key]:
            console.print(f"  rows that {words}: {about[key]:,}")
    for row in about["judges"]:
        console.print(
            f"  {row['judge']}: the network returns {row['num_returned']:,} of its {row['num_pairs']:,} "
            f"pairs of {row['num_regulators']} common regulators"
        )
        if row["num_returned"] > COPIED_RATE * about["num_returned"]:
            console.print(
                f"  [yellow]{row['num_returned'] / about['num_returned']:.0%} of the network's pairs are in "
                f"{row['judge']}: was it made from it? then say --trained-on {row['judge']}[/]"
            )
    for side, told in found.items():
        if told["not_understood"]:
            console.print(
                f"  {side} names not understood, such as: {escape(', '.join(told['not_understood']))}"
            )
    for words in about["warnings"]:
        console.print(f"  [yellow]{words}[/]")
    console.print()


def _print_circularity(console: Console, figures: Mapping[str, Any]) -> None:
    table = Table(
        "database", "judge", "pairs shared", "of the judge's", "papers shared", "of the judge's",
        title="what databases share: one that has the judge's pairs is judged by itself",
        title_justify="left", box=None,
    )  # fmt: skip
    for row in circularity_rows(figures["circularity"]):
        table.add_row(*row.values())
    console.print(table)


def _write(
    console: Console, figures: Mapping[str, Any], *, title: str, folder: Path, symbols: Mapping[str, str]
) -> None:
    if unmet(required_libraries(ROOT, extra="model")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "validation.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        console.print(
            f"{folder / 'validation.json'} (pictures and HTML need pip install 'cisgraph\\[model]')"
        )
        return
    from cisgraph.judging.page import write_validation

    for path in write_validation(figures, title=title, folder=folder, symbols=symbols).values():
        console.print(str(path))
