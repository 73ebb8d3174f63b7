"""Loading the rules: a version that petitions are pinned to may be reworded, not changed."""

from dataclasses import replace
from datetime import datetime

import pytest

from petitions.errors import ConfigurationError
from petitions.lifecycle.acts.loading import content_hash, load_rules
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure
from tests.world import World


async def load(world: World, procedure: Procedure, now: datetime) -> None:
    key = (procedure.code, procedure.version)
    await load_rules(world.service.database, {key: procedure}, world.service.committees, now=now)


async def test_wording_may_be_mended(world: World, now: datetime) -> None:
    await world.opened()
    mended = replace(world.procedure(), name=LocalizedText(nl="Ander woord", en="Other word"))
    assert content_hash(mended) == content_hash(world.procedure())
    await load(world, mended, now)


async def test_rule_in_use_may_not_change(world: World, now: datetime) -> None:
    procedure = world.procedure()
    lower = replace(procedure, thresholds=(replace(procedure.thresholds[0], count=10), *procedure.thresholds[1:]))
    await load(world, lower, now)
    await load(world, procedure, now)
    await world.opened()
    with pytest.raises(ConfigurationError, match="write a new version"):
        await load(world, lower, now)
