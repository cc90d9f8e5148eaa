"""The backbone: genes attend to like genes and to their candidate peaks, and predict their hidden counts."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.epiaware.attention import EdgeAttention
from model.epiaware.config import BackboneConfig
from model.epiaware.likelihood import negative_binomial_log_prob
from model.epiaware.neighbours import BlockField, ReceptiveField
from model.epiaware.tokens import TokenEmbedding, Tokens, TokenValues


class Inputs(NamedTuple):
    """What the backbone sees of a batch of metacells.

    Parameters
    ----------
    field
        Tokens and edges.
    genes, peaks
        Values of the field's genes and peaks.
    """

    field: ReceptiveField
    genes: TokenValues
    peaks: TokenValues


class States(NamedTuple):
    """What the last block gives.

    Parameters
    ----------
    genes
        (num_genes, batch, d) of the genes of the last block.
    peaks
        Those of the last block.
    link_attention
        (num_near_edges, batch, num_heads): the last block's attention of genes on peaks.
    """

    genes: Tensor
    peaks: Tokens
    link_attention: Tensor


class FeedForward(nn.Sequential):
    """Two layers, twice as wide inside."""

    def __init__(self, d: int) -> None:
        super().__init__(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))


class Block(nn.Module):
    """Gene-gene attention, feed-forward of peaks, gene-peak attention, feed-forward of genes.

    Peaks go through their feed-forward layer before the genes look at them, so that it is of use in the last
    block too. They never attend back, so metacells that lack a peak share its state, dropout included. Each
    step is added to its input and normalised.
    """

    def __init__(self, config: BackboneConfig) -> None:
        super().__init__()
        d, num_heads = config.d, config.num_heads
        self.gene_attention = EdgeAttention(d, num_heads=num_heads)
        self.peak_attention = EdgeAttention(d, num_heads=num_heads, top_k=config.top_k)
        self.distance_slope = nn.Parameter(torch.full((num_heads,), -0.1))
        self.peak_layer = FeedForward(d)
        self.gene_layer = FeedForward(d)
        self.norms = nn.ModuleList([nn.LayerNorm(d) for _ in range(4)])
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, genes: Tokens, peaks: Tokens, *, field: BlockField, log_distance: Tensor
    ) -> tuple[Tensor, Tokens, Tensor]:
        """Genes (num_genes, batch, d), peaks and gene-peak attention after the block."""
        after_genes, after_peaks, after_links, after_layer = self.norms
        kept = Tokens(genes.x, genes.place.index_select(0, field.kept_genes)).states()
        received, _ = self.gene_attention(kept, genes, field.gene_edges)
        kept = after_genes(kept + self.dropout(received))
        peaks = peaks.keep(field.kept_peaks)
        peaks = Tokens(after_peaks(peaks.x + self.dropout(self.peak_layer(peaks.x))), peaks.place)
        bias = log_distance[field.near_rows, None] * self.distance_slope
        received, attention = self.peak_attention(kept, peaks, field.near_edges, edge_bias=bias)
        kept = after_links(kept + self.dropout(received))
        return after_layer(kept + self.dropout(self.gene_layer(kept))), peaks, attention


class Backbone(nn.Module):
    """Stage 1: contextual states of genes and peaks, and the likelihood of hidden counts.

    The decoder says by which factor the mean of a hidden gene departs from gene mean x library size. Its last
    layer starts at zero, so training starts at the baseline and whatever it gains is learned.

    Parameters
    ----------
    gene_identity, peak_identity
        Where the identity embeddings start, (num_genes, d) and (num_peaks, d).
    log_proportions, log_theta
        Of the baseline, (num_genes,); log_theta goes on to be learned.
    log_distance
        Log of 1 + the distance of each gene-peak candidate in kb, (num_near,).
    """

    log_proportions: Tensor
    log_distance: Tensor

    def __init__(
        self,
        config: BackboneConfig,
        *,
        gene_identity: Tensor,
        peak_identity: Tensor,
        log_proportions: Tensor,
        log_theta: Tensor,
        log_distance: Tensor,
    ) -> None:
        super().__init__()
        self.gene_tokens = TokenEmbedding(gene_identity)
        self.peak_tokens = TokenEmbedding(peak_identity)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.num_blocks)])
        departure = nn.Linear(config.d, 1)
        nn.init.zeros_(departure.weight)
        nn.init.zeros_(departure.bias)
        self.decoder = nn.Sequential(nn.Linear(config.d, config.d), nn.GELU(), departure)
        self.log_theta = nn.Parameter(log_theta.clone())
        self.register_buffer("log_proportions", log_proportions.clone())
        self.register_buffer("log_distance", log_distance.clone())

    @property
    def width(self) -> int:
        """Columns of a state."""
        return int(self.gene_tokens.identity.shape[1])

    def forward(self, inputs: Inputs) -> States:
        """States after the last block."""
        field = inputs.field
        tokens, peaks = self.gene_tokens(inputs.genes), self.peak_tokens(inputs.peaks)
        genes, attention = tokens.x, tokens.x.new_zeros(0)
        for block, block_field in zip(self.blocks, field.blocks, strict=True):
            genes, peaks, attention = block(tokens, peaks, field=block_field, log_distance=self.log_distance)
            tokens = Tokens.dense(genes)
        return States(genes, peaks, attention)

    def log_mean(self, states: Tensor, *, targets: Tensor, log_size: Tensor) -> Tensor:
        """Log of the expected counts of genes, (num_targets, batch).

        Parameters
        ----------
        states
            (num_targets, batch, d).
        targets
            Gene indices, (num_targets,).
        log_size
            Log library size of each metacell, (batch,).
        """
        # (num_targets, batch, 1) -> (num_targets, batch)
        departure: Tensor = self.decoder(states).squeeze(-1)
        return self.log_proportions[targets, None] + log_size + departure

    def negative_log_likelihood(
        self, inputs: Inputs, *, targets: Tensor, counts: Tensor, log_size: Tensor
    ) -> Tensor:
        """Mean over hidden genes and metacells of -log NB, in nats.

        Parameters
        ----------
        targets
            The hidden genes, sorted: the receptive field's own, (num_targets,).
        counts
            Their raw counts, (num_targets, batch).
        """
        log_mean = self.log_mean(self(inputs).genes, targets=targets, log_size=log_size)
        log_theta = self.log_theta[targets, None]
        return -negative_binomial_log_prob(counts, log_mean=log_mean, log_theta=log_theta).mean()
