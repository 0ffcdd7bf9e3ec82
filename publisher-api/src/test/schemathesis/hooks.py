"""How schemathesis writes the media types of the contract that it does not know."""

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/*", "*/*")
def as_it_is(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
