import pytest
import torch

from model.epiaware.attention import EdgeAttention, keep_top_k
from model.epiaware.tokens import Tokens

EDGES = torch.tensor([[0, 2, 3, 1, 1, 4, 0, 2], [0, 0, 0, 1, 3, 3, 3, 3]])
"""Target 2 has no candidate; source 5 is nobody's."""


# float32 is swept by the kernels, float64 goes through message passing
@pytest.fixture(params=[torch.float32, torch.float64], ids=["sweep", "messages"])
def tokens(request):
    generator = torch.Generator().manual_seed(0)
    targets, sources = torch.randn(4, 3, 8, generator=generator), torch.randn(6, 3, 8, generator=generator)
    return targets.to(request.param), Tokens.dense(sources.to(request.param))


def attention(top_k=None, *, dtype=torch.float32):
    torch.manual_seed(1)
    return EdgeAttention(8, num_heads=2, top_k=top_k).to(dtype)


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
    layer = attention(top_k, dtype=targets.dtype)
    bias = torch.randn(EDGES.shape[1], 2, generator=torch.Generator().manual_seed(2)).to(targets.dtype)
    with torch.no_grad():
        found, _ = layer(targets, sources, EDGES, edge_bias=bias)
        expected = dense_oracle(layer, targets, sources.states(), EDGES, bias=bias, top_k=top_k)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("top_k", [None, 2])
def test_attention_of_a_target_sums_to_one(tokens, top_k):
    _, alpha = attention(top_k, dtype=tokens[0].dtype)(*tokens, EDGES)
    sums = torch.zeros(4, 3, 2).index_add(0, EDGES[1], alpha.float())
    expected = torch.tensor([1.0, 1.0, 0.0, 1.0])[:, None, None].expand(4, 3, 2)
    torch.testing.assert_close(sums, expected)


def test_top_k_keeps_k_and_renormalises(tokens):
    _, alpha = attention(2, dtype=tokens[0].dtype)(*tokens, EDGES)
    kept = torch.zeros(4, 3, 2).index_add(0, EDGES[1], (alpha > 0).float())
    assert (kept[[0, 3]] == 2).all()
    assert (kept[1] == 1).all()


def test_equal_candidates_do_not_make_top_k_keep_more(tokens):
    targets, sources = tokens
    same = Tokens(torch.ones_like(sources.x), sources.place)
    _, alpha = attention(2, dtype=targets.dtype)(targets, same, EDGES)
    assert ((alpha > 0).float().sum(0) == 5).all()  # of 3, 1 and 4 candidates: 2, 1 and 2


def test_top_k_breaks_ties_without_keeping_more():
    logits = torch.zeros(5, 1, 1)
    kept = keep_top_k(logits, torch.tensor([0, 0, 0, 2, 2]), k=2).isfinite().ravel()
    assert kept[:3].sum() == 2
    assert kept[3:].all()


def test_what_is_no_candidate_changes_nothing(tokens):
    targets, sources = tokens
    layer = attention(dtype=targets.dtype)
    before, _ = layer(targets, sources, EDGES)
    states = sources.states()
    states[4:] += 10  # only target 3 has source 4, nobody has source 5
    after, _ = layer(targets, Tokens.dense(states), EDGES)
    torch.testing.assert_close(after[:3], before[:3], rtol=0, atol=0)
    assert not torch.allclose(after[3], before[3])


def test_the_order_of_sources_does_not_matter(tokens):
    targets, sources = tokens
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    layer = attention(dtype=targets.dtype)
    before, _ = layer(targets, sources, EDGES)
    moved = torch.stack([order.argsort()[EDGES[0]], EDGES[1]])
    after, _ = layer(targets, Tokens(sources.x, sources.place[order]), moved)
    torch.testing.assert_close(after, before)


def shared_tokens(dtype):
    """Six sources in three metacells; the first nine rows are used by several metacells or by none."""
    generator = torch.Generator().manual_seed(4)
    place = torch.arange(6)[:, None].repeat(1, 3)
    place[[0, 2, 3], [1, 0, 2]] = torch.tensor([6, 7, 8])
    return torch.randn(9, 8, generator=generator).to(dtype).requires_grad_(), place


@pytest.mark.parametrize("top_k", [None, 2])
@pytest.mark.parametrize("edges", [EDGES, EDGES[:, :0]], ids=["edges", "none"])
def test_the_sweep_has_the_gradients_of_message_passing(top_k, edges):
    found = []
    for dtype in (torch.float32, torch.float64):
        x, place = shared_tokens(dtype)
        targets = torch.randn(4, 3, 8, generator=torch.Generator().manual_seed(5)).to(dtype).requires_grad_()
        bias = torch.linspace(-1, 1, 2 * edges.shape[1]).view(-1, 2).to(dtype).requires_grad_()
        layer = attention(top_k, dtype=dtype)
        out, alpha = layer(targets, Tokens(x, place), edges, edge_bias=bias)
        out.square().sum().backward()
        gradients = [parameter.grad for parameter in (x, targets, bias, *layer.parameters())]
        found.append([out, alpha, *gradients])
    for swept, passed in zip(*found, strict=True):
        if swept is not None and passed is not None:
            torch.testing.assert_close(swept.double(), passed.double(), rtol=1e-4, atol=1e-5)
    assert found[0][3].isfinite().all()
    if edges.shape[1]:
        assert all(gradient is not None for gradient in found[0] + found[1])


def test_kept_tokens_are_the_same_without_what_nobody_has():
    x, place = shared_tokens(torch.float32)
    tokens, kept = Tokens(x, place), torch.tensor([0, 3])
    some = tokens.keep(kept)
    assert torch.equal(some.states(), tokens.states()[kept])
    assert some.x.shape[0] == 4  # two features without counts, and one metacell's count of each
