"""What sources are checked against: names, regulators, locations, assemblies, peaks, detections."""

GENE_NAMES = """
MATCH (g:Gene {species: $species})
RETURN g.gene_id AS gene_id, g.symbol AS symbol, g.annotated_symbol AS annotated_symbol,
       g.aliases AS aliases, g.previous_symbols AS previous_symbols, g.name_id AS name_id,
       g.biotype AS biotype, g.annotation_release AS annotation_release
ORDER BY gene_id
"""

LISTED_REGULATORS = """
MATCH (g:Regulator)
WHERE g.species = $species AND any(name IN g.regulator_classes WHERE name IN $listed_classes)
RETURN g.gene_id AS gene_id
ORDER BY gene_id
"""

GENE_LOCATIONS = """
MATCH (a:Assembly {species: $species})<-[e:LOCATED_ON]-(g:Gene)
MATCH (s:Source {source_id: e.source_id, load_id: e.load_id})
RETURN g.gene_id AS gene_id, g.biotype AS biotype, a.assembly_id AS assembly_id, e.chrom AS chrom,
       e.start AS start, e.end AS end, e.strand AS strand, e.tss AS tss
ORDER BY assembly_id, gene_id
"""

ASSEMBLIES = """
MATCH (a:Assembly)
RETURN a.assembly_id AS assembly_id, a.species AS species, a.aliases AS aliases,
       a.chroms AS chroms, a.chrom_sizes AS chrom_sizes
ORDER BY assembly_id LIMIT 1000
"""

PEAKS = """
MATCH (a:Assembly {species: $species})
WITH collect(a.assembly_id) AS assembly_ids
MATCH (p:Peak) WHERE p.assembly IN assembly_ids
RETURN p.peak_id AS peak_id, p.assembly AS assembly, p.chrom AS chrom, p.start AS start, p.end AS end
ORDER BY assembly, chrom, start
"""

DETECTED = """
MATCH (d:Dataset {species: $species, state: 'complete'})<-[:PART_OF]-(c:Context)<-[e:DETECTED_IN]-(g:Gene)
RETURN g.gene_id AS gene_id, c.name AS context, e.num_cells AS num_cells,
       e.detection_rate AS detection_rate
ORDER BY context, gene_id
"""
