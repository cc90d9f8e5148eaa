import numpy as np
import torch

from model.edges.features import CONTENT, FEATURES, NOT_FAME, STRUCTURE, Messages

NUM_REGULATORS, NUM_GENES, NUM_MEASURED = 7, 30, 25


def adjacency(seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((NUM_REGULATORS, NUM_GENES)) < 0.2).astype(np.float32)


def messages_of(a: np.ndarray, kin: np.ndarray | None = None) -> Messages:
    edges = torch.from_numpy(np.stack(np.nonzero(a)))
    kin_index = torch.zeros(2, 0, dtype=torch.long) if kin is None else torch.from_numpy(kin)
    return Messages(
        edges, kin_index, num_regulators=NUM_REGULATORS, num_genes=NUM_GENES, num_measured=NUM_MEASURED
    )


def plane(messages: Messages, name: str) -> np.ndarray:
    return messages.structure(torch.arange(NUM_REGULATORS))[..., STRUCTURE.index(name)].numpy()


def test_propagation_equals_plain_matrix_products():
    a = adjacency()
    in_degree, out_degree = a.sum(0), a.sum(1)
    weighted = a / np.sqrt(np.maximum(in_degree, 1))
    shared = weighted @ weighted.T
    np.fill_diagonal(shared, 0)
    alike = shared / np.sqrt(np.maximum(out_degree, 1))[:, None] / np.sqrt(np.maximum(out_degree, 1))
    measured = a[:, :NUM_MEASURED]
    fame = np.maximum(in_degree[:NUM_MEASURED], 1)
    messages = messages_of(a)
    np.testing.assert_allclose(plane(messages, "log_in_degree")[0], np.log1p(in_degree[:NUM_MEASURED]))
    np.testing.assert_allclose(plane(messages, "log_out_degree")[:, 0], np.log1p(out_degree))
    oracle = {
        "shared_targets": alike @ measured,
        "shared_rare_targets": alike @ (measured / np.sqrt(fame)),
        "shared_rarest_targets": alike @ (measured / fame),
    }
    for name, expected in oracle.items():
        np.testing.assert_allclose(plane(messages, name), np.log(expected + 1e-3), rtol=1e-4, atol=1e-5)


def test_kin_share_is_the_share_of_the_family_that_has_the_target():
    a = np.zeros((NUM_REGULATORS, NUM_GENES), dtype=np.float32)
    a[1, 3] = a[2, 4] = a[1, 4] = 1
    kin = np.array([[0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]])
    share = np.exp(plane(messages_of(a, kin), "kin_share")) - 0.02
    np.testing.assert_allclose(share[0, [3, 4, 5]], [0.5, 1.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(share[1, 3], 0.0, atol=1e-6)  # the own edge says nothing


def test_features_do_not_depend_on_the_order_of_the_edges():
    a = adjacency()
    edges = np.stack(np.nonzero(a))
    shuffled = torch.from_numpy(edges[:, np.random.default_rng(1).permutation(edges.shape[1])])
    other = Messages(
        shuffled, torch.zeros(2, 0, dtype=torch.long), num_regulators=NUM_REGULATORS, num_genes=NUM_GENES,
        num_measured=NUM_MEASURED,
    )  # fmt: skip
    everyone = torch.arange(NUM_REGULATORS)
    torch.testing.assert_close(messages_of(a).structure(everyone), other.structure(everyone))


def test_a_regulator_that_the_cells_do_not_show_is_similar_to_nothing():
    z = torch.randn(NUM_MEASURED, 4, generator=torch.Generator().manual_seed(0))
    gene = torch.tensor([0, -1, 2, 3, 4, 5, 6])
    content = messages_of(adjacency()).content(torch.arange(NUM_REGULATORS), z, gene)
    similarity = content[..., CONTENT.index("similarity")]
    assert (similarity[1] == 0).all()
    torch.testing.assert_close(similarity[0, 0], torch.tensor(1.0))
    torch.testing.assert_close(content[..., CONTENT.index("absolute_similarity")], similarity.abs())


def test_the_profile_is_the_cosine_with_the_shrunken_centroid_of_the_targets():
    z = torch.randn(NUM_MEASURED, 4, generator=torch.Generator().manual_seed(0))
    a = adjacency()
    unit = torch.nn.functional.normalize(z - z.mean(0), dim=1).numpy()
    targets = a[2, :NUM_MEASURED] > 0
    centroid = unit[targets].sum(0) / (targets.sum() + 3)
    content = messages_of(a).content(torch.tensor([2]), z, torch.arange(NUM_REGULATORS))
    np.testing.assert_allclose(content[0, :, 0].numpy(), unit @ centroid, rtol=1e-4, atol=1e-6)


def test_the_fame_proof_reading_sees_no_degree():
    names = {FEATURES[position] for position in NOT_FAME}
    assert names == set(FEATURES) - {"log_in_degree", "log_out_degree", "shared_targets"}
