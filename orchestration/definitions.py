"""What Dagster loads: deliveries, lake, layers, publish, report and notify, two jobs, two schedules."""

import warnings
from datetime import timedelta
from zoneinfo import ZoneInfo

import dagster as dg

warnings.filterwarnings("ignore", category=dg.BetaWarning)

from orchestration.house import House  # noqa: E402
from orchestration.house_resource import house_resource  # noqa: E402
from orchestration.ingestion.assets import deliveries, lake  # noqa: E402
from orchestration.notifying.assets import half_hourly, notifications, tell  # noqa: E402
from orchestration.publishing.assets import publishing_assets  # noqa: E402
from orchestration.warehouse.layers import layer_assets, read_manifest  # noqa: E402

_house = House.default()
_manifest = read_manifest(_house.dbt.ensure_manifest())

daily = dg.define_asset_job(
    "daily", dg.AssetSelection.all(), description="Look at the deliveries, compute a day-end and publish it."
)


@dg.schedule(
    job=daily,
    cron_schedule="30 6 * * *",
    execution_timezone=_house.settings.business_timezone,
    description="Half an hour after the cut-off: the day-end of yesterday.",
)
def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the day-end that the cut-off has just closed."""
    local = context.scheduled_execution_time.astimezone(ZoneInfo(_house.settings.business_timezone))
    yesterday = local.date() - timedelta(days=1)
    return dg.RunRequest(partition_key=yesterday.isoformat())


defs = dg.Definitions(
    assets=[deliveries, lake, layer_assets(_manifest), *publishing_assets(_manifest), notifications],
    jobs=[daily, tell],
    schedules=[every_morning, half_hourly(_house.settings.business_timezone)],
    resources={"house": house_resource},
    # The lock of the house belongs to one process for the whole run.
    executor=dg.in_process_executor,
)
