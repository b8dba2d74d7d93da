select content_id, title || case when content_no % 17 = 3 and getvariable('to_at') > timestamp '2026-05-01' then '（2026修订版）' else '' end as title, content_kind, content_format, decision_stage,
    product, industry, decision_role, language, url, strftime(published_at, '%Y-%m-%d') as published_at
from content order by content_id
