import pytest
import torch

from model.epiaware.attention import EdgeAttention, keep_top_k

EDGES = torch.tensor([[0, 2, 3, 1, 1, 4, 0, 2], [0, 0, 0, 1, 3, 3, 3, 3]])
"""Target 2 has no candidate; source 5 is nobody's."""


@pytest.fixture
def tokens():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(4, 3, 8, generator=generator), torch.randn(6, 3, 8, generator=generator)


def attention(top_k=None):
    torch.manual_seed(1)
    return EdgeAttention(8, num_heads=2, top_k=top_k)


def dense_oracle(layer, targets, sources, edges, *, bias, top_k=None):
    """One target, metacell and head at a time."""
    out, width = torch.zeros_like(targets), targets.shape[-1] // layer.num_heads
    query, key, value = layer.query(targets), layer.key(sources), layer.value(sources)
    for t in range(targets.shape[0]):
        mine = (edges[1] == t).nonzero().ravel()
        for b in range(targets.shape[1]):
            for h in range(layer.num_heads):
                part = slice(h * width, (h + 1) * width)
                logits = torch.stack(
                    [query[t, b, part] @ key[edges[0, e], b, part] / width**0.5 + bias[e, h] for e in mine]
                    or [torch.tensor(0.0)]
                )
                if top_k is not None and len(logits) > top_k:
                    logits[logits < logits.sort(descending=True).values[top_k - 1]] = -torch.inf
                for weight, e in zip(logits.softmax(0), mine, strict=False):
                    out[t, b, part] += weight * value[edges[0, e], b, part]
    return layer.out(out)


@pytest.mark.parametrize("top_k", [None, 1, 2, 3, 9])
def test_attention_is_that_of_a_dense_oracle(tokens, top_k):
    targets, sources = tokens
    layer = attention(top_k)
    bias = torch.randn(EDGES.shape[1], 2, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        found, _ = layer(targets, sources, EDGES, edge_bias=bias)
        expected = dense_oracle(layer, targets, sources, EDGES, bias=bias, top_k=top_k)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("top_k", [None, 2])
def test_attention_of_a_target_sums_to_one(tokens, top_k):
    _, alpha = attention(top_k)(*tokens, EDGES)
    sums = torch.zeros(4, 3, 2).index_add(0, EDGES[1], alpha)
    expected = torch.tensor([1.0, 1.0, 0.0, 1.0])[:, None, None].expand(4, 3, 2)
    torch.testing.assert_close(sums, expected)


def test_top_k_keeps_k_and_renormalises(tokens):
    _, alpha = attention(2)(*tokens, EDGES)
    kept = torch.zeros(4, 3, 2).index_add(0, EDGES[1], (alpha > 0).float())
    assert (kept[[0, 3]] == 2).all()
    assert (kept[1] == 1).all()


def test_top_k_breaks_ties_without_keeping_more():
    logits = torch.zeros(5, 1, 1)
    kept = keep_top_k(logits, torch.tensor([0, 0, 0, 2, 2]), k=2).isfinite().ravel()
    assert kept[:3].sum() == 2
    assert kept[3:].all()


def test_what_is_no_candidate_changes_nothing(tokens):
    targets, sources = tokens
    layer = attention()
    before, _ = layer(targets, sources, EDGES)
    changed = sources.clone()
    changed[4:] += 10  # only target 3 has source 4, nobody has source 5
    after, _ = layer(targets, changed, EDGES)
    torch.testing.assert_close(after[:3], before[:3], rtol=0, atol=0)
    assert not torch.allclose(after[3], before[3])


def test_the_order_of_sources_does_not_matter(tokens):
    targets, sources = tokens
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    layer = attention()
    before, _ = layer(targets, sources, EDGES)
    moved = torch.stack([order.argsort()[EDGES[0]], EDGES[1]])
    after, _ = layer(targets, sources[order], moved)
    torch.testing.assert_close(after, before)


def test_gradients_are_finite_with_top_k_and_without_edges(tokens):
    targets, sources = (x.clone().requires_grad_() for x in tokens)
    for edges in (EDGES, EDGES[:, :0]):
        out, _ = attention(1)(targets, sources, edges)
        out.square().sum().backward()
    assert targets.grad is not None
    assert targets.grad.isfinite().all()
