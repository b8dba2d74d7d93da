"""Data flows one way (DESIGN 1): no model reads a layer to its right, rules enter by one door."""

from __future__ import annotations

ORDER = ["staging", "rules", "cleansing", "tagging", "scoring", "maturity", "marts"]


def layer_of(node: dict) -> str:
    return node["fqn"][1]


def test_no_model_reads_a_layer_to_its_right(manifest, models):
    offences = []
    for model in models.values():
        for parent_id in model["depends_on"]["nodes"]:
            parent = manifest["nodes"].get(parent_id)
            if parent is None or parent["resource_type"] != "model":
                continue
            if ORDER.index(layer_of(parent)) > ORDER.index(layer_of(model)):
                offences.append(f"{model['name']} ({layer_of(model)}) reads {parent['name']} ({layer_of(parent)})")
    assert not offences, "Move the model or what it needs:\n" + "\n".join(offences)


def test_rules_enter_through_models_rules_only(manifest, models):
    offences = [
        f"{model['name']} reads the seed {parent_id.split('.')[-1]}"
        for model in models.values()
        if layer_of(model) != "rules"
        for parent_id in model["depends_on"]["nodes"]
        if parent_id.startswith("seed.")
    ]
    assert not offences, "Read it through a model in models/rules:\n" + "\n".join(offences)


def test_rules_know_no_data(manifest, models):
    offences = [
        f"{model['name']} reads {parent_id}"
        for model in models.values()
        if layer_of(model) == "rules"
        for parent_id in model["depends_on"]["nodes"]
        if not parent_id.startswith("seed.") and layer_of(manifest["nodes"][parent_id]) != "rules"
    ]
    assert not offences, "\n".join(offences)


def test_only_staging_reads_the_lake(models):
    offences = [
        f"{model['name']} reads {parent_id}"
        for model in models.values()
        for parent_id in model["depends_on"]["nodes"]
        if parent_id.startswith("source.") and layer_of(model) != "staging"
    ]
    assert not offences, "\n".join(offences)


def test_staging_is_one_to_one_with_a_feed(models):
    offences = []
    for model in models.values():
        if layer_of(model) != "staging":
            continue
        sources = [parent for parent in model["depends_on"]["nodes"] if parent.startswith("source.")]
        if len(sources) != 1 or len(model["depends_on"]["nodes"]) != 1:
            offences.append(f"{model['name']} reads {model['depends_on']['nodes']}")
    assert not offences, "\n".join(offences)


def test_every_feed_has_its_staging_model(manifest, models):
    read = {parent for model in models.values() for parent in model["depends_on"]["nodes"] if parent.startswith("source.")}
    feeds = {
        source_id
        for source_id, source in manifest["sources"].items()
        if (source["config"].get("meta") or source["meta"]).get("kind") in ("entity", "event", "log")
    }
    assert feeds == read


def test_every_model_belongs_to_the_group_of_its_layer(models):
    offences = [m["name"] for m in models.values() if m["config"].get("group") != layer_of(m)]
    assert not offences, offences
