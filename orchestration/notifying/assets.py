"""Telling people of alerts in Dagster: an asset behind the report, and a schedule for what had to wait."""

import dagster as dg

from orchestration.house import House
from orchestration.lock import HouseIsBusyError
from orchestration.notifying.channels import has_addresses
from orchestration.notifying.notify import notify
from orchestration.paths import paths
from orchestration.publishing.assets import REPORT, SERVING
from orchestration.reporting.serving import NotPublishedError
from orchestration.warehouse.layers import daily_partitions


@dg.asset(
    key=dg.AssetKey(["notifying", "notifications"]),
    deps=[SERVING, REPORT],
    group_name="notify",
    partitions_def=daily_partitions(),
    backfill_policy=dg.BackfillPolicy.single_run(),
    required_resource_keys={"house"},
    owners=["team:analytics_engineering"],
    description="What people are told of the alerts of the published day-end, once per channel whose "
    "address is set. Fails when a channel did not take a message; the marts are published all the same.",
)
def notifications(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Send what is new to every channel that has an address."""
    house: House = context.resources.house
    if not has_addresses():
        return dg.MaterializeResult(metadata={"sent": 0, "note": "No channel has an address."})
    try:
        notification = notify(house.home)
    except (NotPublishedError, HouseIsBusyError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    if notification.failed:
        failures = [
            f"{one.channel.label}: {one.unsent} not sent: {one.problem}" for one in notification.failed
        ]
        raise dg.Failure("\n".join(failures), allow_retries=False)
    return dg.MaterializeResult(
        metadata={told.channel.rule_id: told.sent for told in notification.told if told.is_set}
    )


tell = dg.define_asset_job(
    "tell", dg.AssetSelection.assets(notifications), description="Tell people what they were not told yet."
)


def half_hourly(zone: str) -> dg.ScheduleDefinition:
    """The schedule that sends what was held back, refused or cut off; without such it skips."""

    @dg.schedule(
        job=tell,
        cron_schedule="1,31 * * * *",
        execution_timezone=zone,
        description="What quiet hours held back, and what a service did not take.",
    )
    def what_waits() -> dg.RunRequest | dg.SkipReason:
        home = paths().home
        if not has_addresses():
            return dg.SkipReason("No channel has an address.")
        try:
            would = notify(home, is_trial=True)
        except NotPublishedError:
            return dg.SkipReason("Nothing is published.")
        if not any(told.messages for told in would.told):
            return dg.SkipReason("Nothing waits that may go now.")
        return dg.RunRequest(partition_key=would.as_of_date.isoformat())

    return what_waits
