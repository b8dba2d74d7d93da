select consent_id, strftime(given_at, '%Y-%m-%d %H:%M:%S') as given_at, email, phone, consent_channel as channel, purpose, consent_status as status, source, proof
from f_consents where given_at >= getvariable('from_at') and given_at < getvariable('to_at') order by f_consents.given_at, consent_id
