"""Tells from its name whether a gene set was made from what regulators are known to regulate."""

from typing import Final

import pandas as pd

REGULATOR_WORDS: Final = (
    "CHEA",
    "CHIP",
    "COLLECTRI",
    "DOROTHEA",
    "ENCODE",
    "GTRD",
    "JASPAR",
    "REGULON",
    "REGULONS",
    "TARGETS",
    "TARGET_GENES",
    "TFT",
    "TRANSFAC",
    "TRRUST",
    "UNKNOWN",
)
"""A set or collection whose name has one of these words, in any case, comes from a database of regulators.

Words end where letters end: `HALLMARK_E2F_TARGETS`, `C3:TFT:GTRD`, `ChEA_2022` have one, `ENCODED` has none;
`_` is any separator. Rather a set too many is marked (`AKT phosphorylates targets`) than one too few.
`UNKNOWN` names MSigDB's motifs without a known factor (`AACTTT_UNKNOWN`).
"""

REGULATION_PHRASES: Final = (
    "REGULATES?",
    "(?:REGULATED|RESPONSIVE|DEPENDENT) GENES",
    "REGULATED (?:GENE )?(?:TRANSCRIPTION|EXPRESSION)",
    "(?:ACTIVATES?|REPRESSE?S?|STIMULATES?|INDUCES?|INHIBITS?|PROMOTES?) (?:[A-Z0-9]+ ){0,6}"
    "(?:TRANSCRIPTION|EXPRESSION)",
    "(?:MEDIATED|STIMULATED|DEPENDENT|INDUCED|SPECIFIC) (?:GENE )?(?:TRANSCRIPTION|EXPRESSION)",
    "(?<!POST )TRANSCRIPTIONAL",
    "TRANSCRIPTION OF(?!.* BY RNA POLYMERASE)",
    "(?:TRANSCRIPTION|EXPRESSION) BY(?! RNA POLYMERASE| GENETIC IMPRINTING| COMPETITIVE PROMOTER)",
    "REGULATION OF (?!GENE |MITOCHONDRIAL |VIRAL |[MRT]RNA |SNRNA )[A-Z0-9]+ (?:GENE )?"
    "(?:TRANSCRIPTION|EXPRESSION)",
    "REGULATION OF (?:GENE EXPRESSION IN|EXPRESSION OF)",
    "TRANSCRIPTION FACTORS? REGULATION",
    "(?<!BINDING )TRANSCRIPTION FACTORS? ACTIVITY",
    "FAMILY (?:OF )?TRANSCRIPTION FACTORS",
    "(?:BINDS?|BINDING) (?:[A-Z0-9]+ ){1,8}PROMOTERS",
    "TRANSCRIPTION PATHWAY",
    "(?:PRE NOTCH|PTK6) (?:TRANSCRIPTION|EXPRESSION)",
    "T?P53 (?:NETWORK|PATHWAY|DEPENDENT)",
    "VIA NFKB",
    "^PID",
)
"""Patterns of names that tell of a regulator and its genes, once all but letters and digits is one space.

`TP53 Regulates Transcription of Cell Cycle Genes`, `PPARA activates gene expression`, `FOXO-mediated
transcription`, `Transcriptional regulation by RUNX1`, `Regulation of PTEN gene transcription` are, and all
PID pathways, whose members were drawn from papers on regulators. Terms of the process itself, such as GO's
`regulation of transcription by RNA polymerase II`, name no regulator and are not marked.
"""

_WORDS: Final = rf"(?<![A-Z])(?:{'|'.join(REGULATOR_WORDS)})(?![A-Z])".replace("_", r"[^A-Z]")
_PHRASES: Final = rf"(?<![A-Z0-9])(?:{'|'.join(REGULATION_PHRASES)})(?![A-Z])"
_TRANSFAC_SET: Final = r"_Q\d(?:_\d\d)?$|^V\$"
"""MSigDB's sets of TRANSFAC matrices, such as `MYC_Q2` and `V$ELK1_02`."""


def is_derived(set_names: pd.Series, collection: str, *, said: bool | None = None) -> pd.Series:
    """Return which sets come from what is known of regulators: as it was said, else by the names.

    See `REGULATOR_WORDS`, which also count in the name of the collection, and `REGULATION_PHRASES`.

    >>> is_derived(pd.Series(["HALLMARK_HYPOXIA", "HALLMARK_MYC_TARGETS_V1"]), "hallmark").tolist()
    [False, True]
    """
    if said is not None:
        return pd.Series(said, index=set_names.index, dtype=bool)
    whole = pd.Series([collection]).str.upper().str.contains(_WORDS).item()
    upper = set_names.str.upper()
    plain = upper.str.replace(r"[^A-Z0-9]+", " ", regex=True)
    by_name = upper.str.contains(_WORDS) | upper.str.contains(_TRANSFAC_SET)
    return by_name | plain.str.contains(_PHRASES) | whole
