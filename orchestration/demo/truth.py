"""What only the generator knows: planted defects and where they lie, who is who, what people really want."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.demo import files
from orchestration.demo.deliveries import Connection, Delivery

# Every query ends in a total order.
_TRUTHS = {
    "planted": """
        select p.defect_kind, p.feed, l.connection, l.system || ':' || p.record_id as record_key, l.file_name,
            l.delivery_row, p.attribute, p.planted_value, p.expected, p.rule_id, p.note
        from planted p left join placed l using (plant_no)
        order by p.defect_kind, p.feed, p.record_id, p.attribute, p.plant_no
    """,
    "same_people": """
        select person_no, record_key, because, rule_id from same_people
        order by person_no, record_key, because
    """,
    "person_records": """
        select person_no, 'crm_leads' as feed, 'crm:' || lead_id as record_key
        from lead_people where lead_id is not null
        union select person_no, 'crm_leads', 'wukong:' || wukong_id
        from lead_people where wukong_id is not null
        union select person_no, 'crm_leads', record_key from same_people
        union select person_no, 'crm_contacts', 'crm:T' || substr(lead_id, 2)
        from lead_people where lead_id is not null
        union select person_no, 'form_submissions',
            case when language = 'zh' then 'website:' else 'website_en:' end || submission_id
        from forms_generated
        union select person_no, 'event_participations',
            case when e.event_format = 'webinar' then 'webinar:' else 'events:' end || participation_id
        from participations_generated g join events e on e.event_id = g.event_ref
        order by person_no, feed, record_key
    """,
    "people": """
        select p.person_no, p.lead_id, p.wukong_id, p.kind, p.source, p.fit as latent_fit,
            p.need as latent_need, p.activity, p.job_level, p.account_id, d.opportunity_id,
            case when d.opportunity_id is null then ''
                when d.closed_at is null or d.closed_at >= day_after(getvariable('last_day'), 1) then 'open'
                when d.wins then 'won' else 'lost' end as outcome,
            d.amount_wan
        from lead_people p left join deals d using (person_no)
        order by p.person_no
    """,
    "call_facts": """
        select activity_id, position, fact_kind, sentence from call_facts order by activity_id, position
    """,
    "stories": """
        select cast(story as integer) as story, 'crm_leads' as feed, 'crm:' || lead_id as record_key,
            person_name as who
        from s_crm_leads
        union all select 12, 'crm_reps', 'crm:R-61', '田甜'
        union all select 14, 'crm_leads', 'crm:' || lead_id, '' from scanned where scanned_no <= 60
        order by story, feed, record_key
    """,
    "files": """
        select connection, feed, file_name, known_at, records, file_bytes, note from delivered
        order by connection, file_name
    """,
}


@dataclass(frozen=True)
class Delivered:
    """A written file: `known_at` is local time, `note` says what is wrong with it."""

    delivery: Delivery
    file_name: str
    records: int
    file_bytes: int
    note: str = ""


@dataclass
class Log:
    """The files written so far and the keys under which defects were planted."""

    duck: duckdb.DuckDBPyConnection
    files: list[Delivered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.duck.execute("""
            create or replace table planted as
            select *, row_number() over (
                order by defect_kind, feed, record_id, attribute, planted_value) as plant_no
            from planted;
            create table plant_keys as select distinct feed, record_id from planted;
            create table sent (
                connection varchar, file_no bigint, covered_on date, delivery_row bigint, record_id varchar
            );
        """)
        found = self.duck.execute("select distinct feed from planted").fetchall()
        self._planted_feeds = {feed for (feed,) in found}
        self._keys: dict[str, str] = {}

    def note(self, written: Delivered) -> None:
        """Log a written file and where planted records lie in it; `delivery` still holds its rows."""
        self.files.append(written)
        delivery = written.delivery
        connection = delivery.connection
        if connection.feed not in self._planted_feeds:
            return
        key = self._key(connection)
        self.duck.execute(
            f"""
            insert into sent
            select {files.literal(connection.name)}, {len(self.files)}, date '{delivery.covered_on}',
                delivery_row, {key}
            from {files.TABLE}
            where {key} in (select record_id from plant_keys where feed = {files.literal(connection.feed)})
            """
        )

    def plant(
        self, written: Delivered, defect_kind: str, record_id: str, row: int | None, expected: str, note: str
    ) -> None:
        """Write down a defect of the file that was just logged, such as a cut line."""
        self.duck.execute(
            "insert into planted by name select max(plant_no) + 1 as plant_no, ? as defect_kind, ? as feed, "
            "? as record_id, '' as attribute, '' as planted_value, ? as expected, 'ingest' as rule_id, "
            "? as note, ? as on_file, ? as on_row from planted",
            [defect_kind, written.delivery.connection.feed, record_id, expected, note, len(self.files), row],
        )

    def _key(self, connection: Connection) -> str:
        """Return SQL of the key of a delivered row: the first column, or the second where that is empty."""
        if connection.name not in self._keys:
            found = self.duck.execute(f"select column_name from (describe {files.TABLE}) limit 3").fetchall()
            first, second = (files.quoted(name) for (name,) in found[1:])
            self._keys[connection.name] = f"coalesce({first}, {second}::varchar)"
        return self._keys[connection.name]

    def write(self, folder: Path) -> None:
        """Write the truth as CSV files.

        Args:
            folder: target folder, created where absent.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._file_table()
        # A defect that stays in later snapshots is placed in the first file that shows it; a deletion in the
        # first snapshot after it.
        self.duck.execute("""
            create table placed as
            with shown as (
                select p.plant_no, min_by(s.delivery_row, (s.file_no, -s.delivery_row)) as delivery_row,
                    min(s.file_no) as file_no
                from planted p
                join delivered f on f.feed = p.feed
                join sent s on s.file_no = f.file_no and s.record_id = p.record_id
                where p.expected <> 'tombstone' and s.covered_on >= coalesce(p.on_day, date '2000-01-01')
                group by p.plant_no
                union all
                select p.plant_no, null, min(f.file_no)
                from planted p join delivered f on f.connection = p.feed
                where p.expected = 'tombstone' and f.covered_on >= p.on_day
                group by p.plant_no
                union all
                select plant_no, on_row, on_file from planted where on_file is not null
            )
            select s.plant_no, f.connection, f.system, f.file_name, s.delivery_row
            from shown s join delivered f using (file_no)
        """)
        for name, query in _TRUTHS.items():
            target = files.literal(folder / f"{name}.csv")
            self.duck.execute(f"copy ({query}) to {target} (format csv, header)")

    def _file_table(self) -> None:
        rows = [
            f"({number}, {files.literal(connection.name)}, {files.literal(connection.feed)}, "
            f"{files.literal(connection.system)}, {files.literal(written.file_name)}, "
            f"timestamp '{written.delivery.known_at}', date '{written.delivery.covered_on}', "
            f"{written.records}, {written.file_bytes}, {files.literal(written.note)})"
            for number, written in enumerate(self.files, start=1)
            for connection in [written.delivery.connection]
        ]
        self.duck.execute(
            "create table delivered (file_no bigint, connection varchar, feed varchar, system varchar, "
            "file_name varchar, known_at timestamp, covered_on date, records bigint, file_bytes bigint, "
            "note varchar); "
            "insert into delivered values " + ", ".join(rows)
        )
