"""The rules as files: reading, checking, comparing with a published state, fingerprint."""
