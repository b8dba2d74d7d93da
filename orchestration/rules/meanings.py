"""What a code may be combined with: the closed lists behind signals, qualifiers, conditions and checks.

A vocabulary says which words exist. These tables say which of them fit together; the SQL of the layers
implements exactly these, so a word here without SQL, or the other way round, is a mistake.
"""

from __future__ import annotations

# Vocabulary of `signal`, by signal kind.
SIGNAL_VOCABULARY = {
    "touch": "touch",
    "call_fact": "fact_kind",
    "form_field": "form_field",
    "sales_feedback": "feedback_field",
    "crm_stage": "opportunity_stage",
    "customer_event": "customer_event",
    "tag": "tag_group",
    "stage": "decision_stage",
    "requirement": "requirement_match",
}

# Vocabulary of `qualifier`, by touch; other touches have none.
TOUCH_QUALIFIER = {
    "website.page_view": "page_group",
    "form.form_submit": "form_purpose",
    "content.download": "decision_stage",
    "content.read_online": "decision_stage",
    "wechat_oa.article_read": "decision_stage",
    "wechat_oa.article_share": "decision_stage",
    "wechat_oa.menu_click": "menu_purpose",
    "wechat_oa.qr_scan": "scene_kind",
    "wecom.contact_added": "added_by",
    "wecom.material_opened": "decision_stage",
}

# Touches that carry a measure, and its unit.
TOUCH_MEASURE = {
    "website.session": "seconds",
    "website.video_play": "percent seen",
    "website.return_visit": "days since the visit before",
    "content.read_online": "percent read",
    "webinar.attended_live": "minutes",
    "webinar.attended_replay": "minutes",
    "call.connected": "seconds",
    "call.inbound": "seconds",
    "form.form_submit": "characters of the message",
}

FORM_FIELD_QUALIFIER = {
    "product_interest": "product_interest",
    "budget_range": "budget_range",
    "purchase_timeline": "purchase_timeline",
}
FEEDBACK_QUALIFIER = {
    "outcome": "feedback_outcome",
    "intent_clarity": "intent_clarity",
    "urgency": "urgency",
    "reject_reason": "reject_reason",
}

# Lifecycle conditions: (vocabulary of the argument or None, whether a threshold is needed).
CONDITIONS = {
    "record_accepted": (None, False),
    "has_name_or_company": (None, False),
    "is_reachable": (None, False),
    "is_excluded": ("exclusion", False),
    "is_not_excluded": ("exclusion", False),
    "status_reached": ("lifecycle_status", False),
    "engagement_points_at_least": (None, True),
    "fit_pct_at_least": (None, True),
    "required_fields_pct_at_least": ("completeness_need", True),
    "score_band_in": ("score_band", False),
    "bant_band_in": ("bant_band", False),
    "maturity_level_in": ("maturity_level", False),
    "form_purpose_in": ("form_purpose", True),
    "touch_in": ("touch", True),
    "feedback_outcome_in": ("feedback_outcome", False),
    "reject_reason_in": ("reject_reason", False),
    "operation_in": ("operation", False),
    "opportunity_stage_in": ("opportunity_stage", False),
    "customer_event_in": ("customer_event", False),
}

# Queue metrics: (operators, vocabulary of the argument, or the allowed words).
PRIORITY_METRICS: dict[str, tuple[tuple[str, ...], str | tuple[str, ...] | None]] = {
    "sla_state": (("equals", "in"), "sla_state"),
    "sla_overdue_business_days": (("at_least", "at_most"), None),
    "form_purpose_last_24h": (("equals", "in"), "form_purpose"),
    "maturity_level": (("equals", "in"), "maturity_level"),
    "decision_stage": (("equals", "in"), "decision_stage"),
    "decision_role": (("equals", "in"), "decision_role"),
    "is_key_account": (("equals",), ("0", "1")),
    "touch_last_24h": (("equals", "in"), "touch"),
    "promised_callback": (("equals", "in"), ("today", "overdue")),
    "open_alert_severity": (("equals", "in"), "alert_severity"),
    "exclusion": (("equals", "in"), "exclusion"),
    "lifecycle_status": (("equals", "in"), "lifecycle_status"),
    "scope": (("equals", "in"), "scope"),
    "band": (("equals", "in"), "score_band"),
    "segment": (("equals", "in"), "segment"),
    "business_days_since_contact": (("at_least", "at_most"), None),
    "unanswered_outbound_30d": (("at_least", "at_most"), None),
    "score": (("times", "at_least", "at_most"), None),
    "score_change_7d": (("at_least", "at_most"), None),
    "days_since_last_activity": (("at_least", "at_most"), None),
    "last_activity_at": (("order",), ("newest_first", "oldest_first")),
    "created_at": (("order",), ("newest_first", "oldest_first")),
    "lead_id": (("order",), ("ascending",)),
}

# Segment metrics: (operator, vocabulary of the argument or None for a number).
SEGMENT_METRICS: dict[str, tuple[str, str | None]] = {
    "exclusion": ("in", "exclusion"),
    "company_size": ("in", "company_size"),
    "company_standing": ("in", "company_standing"),
    "headcount": ("at_least", None),
    "always": ("always", None),
}

# Aggregations of the account score: (vocabulary of the argument or None, whether people_max is needed).
ACCOUNT_AGGREGATIONS: dict[str, tuple[str | None, bool]] = {
    "account_facts": ("tag_group", False),
    "top_people_sum": (None, True),
    "roles_engaged_of_required": (None, False),
    "latest_per_person_max": ("bant_group", False),
}

# What starts a clock besides a touch: (vocabulary of the qualifier or None, whether it has a channel).
CLOCK_STARTS: dict[str, tuple[str | None, bool]] = {
    "our_contact": (None, True),
    "operation": ("operation", False),
    "level": ("maturity_level", False),
    "decision_stage": ("decision_stage", False),
    "conversion_stage": ("conversion_stage", False),
}

# What stops, pauses or resumes a clock: vocabulary of the argument or None.
CLOCK_EVENTS: dict[str, str | None] = {
    "our_contact": None,
    "agreed_next_step": None,
    "operation": "operation",
    "feedback": "feedback_outcome",
    "opportunity": "opportunity_stage",
}

# From the lightest to the gravest.
SEVERITIES = ("info", "warning", "critical")

# Most bytes of one message, where the service cuts or refuses what is longer.
MESSAGE_BYTES = {"wecom": 2048, "dingtalk": 20_000, "feishu": 20_000, "slack": 35_000}

# What a limit on the drift of a distribution cannot do without.
DRIFT_COLUMNS = (
    "calibration_from",
    "calibration_to",
    "window_days",
    "look_back_days",
    "stands_days",
    "min_volume",
)

# Verdict checks that look at no single attribute.
CHECKS_OF_THE_RECORD = ("unreachable",)


def qualifier_vocabulary(signal_kind: str, signal: str) -> str | None:
    """Return the vocabulary of a signal's qualifier, None when the signal has none."""
    if signal_kind == "touch":
        return TOUCH_QUALIFIER.get(signal)
    if signal_kind == "tag":
        return signal
    if signal_kind == "form_field":
        return FORM_FIELD_QUALIFIER.get(signal)
    if signal_kind == "sales_feedback":
        return FEEDBACK_QUALIFIER.get(signal)
    if signal_kind == "requirement":
        return "requirement_strength"
    return None


def has_measure(signal_kind: str, signal: str) -> bool:
    """Return whether a signal carries a measure that `measure_min` can be compared with."""
    if signal_kind == "touch":
        return signal in TOUCH_MEASURE
    return (signal_kind, signal) == ("form_field", "need_description")
