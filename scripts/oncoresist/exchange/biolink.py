"""What of the Biolink Model (https://biolink.github.io/biolink-model/) the KGX export and its check need.

`biolink.json` holds the names, ancestors, domains, ranges and permitted values of one version of the model, so that nothing of
`biolink-model` (90 MB with what it brings) has to be installed. What of ours goes where is decided here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PREFIX = "biolink:"

# Classes of ours → category. An entity gets the category of its nearest class here; of several, the one that stands first.
CATEGORIES = {
    "MicroRNA": "MicroRNA",
    "NonCodingRNA": "NoncodingRNAProduct",
    "GeneSilencingReagent": "ChemicalEntity",
    "TherapeuticAgent": "Drug",
    "GeneProduct": "Gene",
    "SecretedMixture": "ComplexMolecularMixture",
    "Glycosaminoglycan": "ChemicalEntity",
    "Metabolite": "SmallMolecule",
    "MolecularEntity": "ChemicalEntity",
    "Cell": "Cell",
    "CellLine": "CellLine",
    "CellLinePanel": "CellLine",
    "AnimalModel": "PopulationOfIndividualOrganisms",
    "CultureModel": "MaterialSample",
    "PatientSample": "MaterialSample",
    "PatientCohort": "Cohort",
    "ProteinComplex": "MacromolecularComplex",
    "ExtracellularVesicle": "CellularComponent",
    "ExtracellularMatrix": "CellularComponent",
    "CellularComponent": "CellularComponent",
    "TissueCompartment": "GrossAnatomicalStructure",
    "BiologicalStructure": "AnatomicalEntity",
    "SignallingPathway": "Pathway",
    "TreatmentModality": "Treatment",
    "PatientOutcome": "ClinicalFinding",
    "GeneticAlteration": "Phenomenon",
    "ResistanceReadout": "PhenotypicFeature",
    "Phenotype": "PhenotypicFeature",
    "Process": "BiologicalProcess",
    "Condition": "Phenomenon",
    "Disease": "Disease",
}
GENE_FAMILY = "GeneFamily"

# Relations between entities, and relations to which the ontology gives no predicate of Biolink.
PREDICATES = {
    "subtypeOf": "subclass_of",
    "memberOf": "member_of",
    "partOf": "part_of",
    "hasComponent": "has_part",
    "derivesFrom": "derives_from",
    "variantOf": "related_to",
    "signallingOf": "related_to",
    "givenIn": "related_to",
    "differentiatesInto": "develops_into",
    "polarizesInto": "develops_into",
    "becomes": "develops_into",
    "transfers": "affects",
    "converts": "affects",
}
# What a relation says about an aspect of its object, unless the step names another.
ASPECTS = {
    "recruits": "localization",
    "stabilises": "stability",
    "degrades": "degradation",
    "transfers": "transport",
    "converts": "metabolic_processing",
}
OF_A_MOLECULE = {"activates": "activity", "inhibits": "activity"}
RESPONSE = {"associated_with_resistance_to": 1, "associated_with_sensitivity_to": -1}
OPPOSITE = {
    "associated_with_resistance_to": "associated_with_sensitivity_to",
    "associated_with_sensitivity_to": "associated_with_resistance_to",
}
# Spelling of prefixes where Biolink has another than ours.
SPELLING = {
    "hgnc": "HGNC",
    "hgnc.genegroup": "HGNC.FAMILY",
    "ncbigene": "NCBIGene",
    "uniprot": "UniProtKB",
    "mesh": "MESH",
    "drugbank": "DRUGBANK",
    "chembl.compound": "CHEMBL.COMPOUND",
    "reactome": "REACT",
    "wikipathways": "WIKIPATHWAYS",
    "efo": "EFO",
}


@dataclass(frozen=True)
class Model:
    """One version of the model; all names without ``biolink:``.

    :param categories: concrete class → its ancestors and mixins
    :param predicates: predicate → is_a, domain, range, symmetric, deprecated
    :param values: ``knowledge_level``, ``agent_type``, ``direction``, ``aspect`` → permitted values
    """

    version: str
    categories: dict[str, list[str]]
    predicates: dict[str, dict]
    node_slots: list[str]
    edge_slots: list[str]
    qualifiers: list[str]
    values: dict[str, list[str]]

    def fits(self, predicate: str, subject: str, object_: str) -> bool:
        """Whether the categories of both ends are within the domain and range of the predicate and of all above it.

        >>> model().fits("associated_with_resistance_to", "Gene", "Drug")
        True
        >>> model().fits("associated_with_resistance_to", "Drug", "Gene")
        False
        """
        above: str | None = predicate
        while above:
            body = self.predicates[above]
            for end, category in (("domain", subject), ("range", object_)):
                if body.get(end) and body[end] not in (category, *self.categories[category]):
                    return False
            above = body.get("is_a")
        return True

    def general(self, predicate: str, subject: str, object_: str) -> str:
        """The predicate itself if both ends fit, else the nearest above it for which they do.

        >>> model().general("associated_with_resistance_to", "Gene", "Treatment")
        'associated_with_response_to'
        """
        while not self.fits(predicate, subject, object_):
            predicate = self.predicates[predicate]["is_a"]
        return predicate


@cache
def model() -> Model:
    """The version in `biolink.json`."""
    return Model(**json.loads((files("oncoresist.exchange") / "biolink.json").read_text(encoding="utf-8")))


def curie(name: str) -> str:
    """
    >>> curie("affects")
    'biolink:affects'
    """
    return PREFIX + name
