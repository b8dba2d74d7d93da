select operation_id, strftime(operated_at, '%Y-%m-%d %H:%M:%S') as operated_at, operation, lead_ref, operated_by, argument, reason
from f_lead_operations where operated_at >= getvariable('from_at') and operated_at < getvariable('to_at') order by f_lead_operations.operated_at, operation_id
