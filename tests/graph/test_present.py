from graph.bulk import can_carry
from graph.store import GraphStore


def test_a_graph_that_holds_what_is_not_ours_is_not_carried_along(empty_graph):
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        assert can_carry(store)
        store.write("CREATE (:Pizza)")
        assert not can_carry(store)
        store.write("MATCH (n:Pizza) DELETE n")
