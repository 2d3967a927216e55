"""Invented words: syllables put together, so that no list of real names or words is needed."""

ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pr r s sk st t tr v w z".split()
VOWELS = "a e i o u ai au ei ou a e i o".split()
CODAS = ["", "", "", "l", "n", "r", "s", "m", "x", "nd", "rt", "k"]


def syllables(rng, low, high):
    """A pronounceable word of `low` to `high` syllables in lower case."""
    count = rng.randint(low, high)
    body = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(count))
    return body + rng.choice(CODAS)


# Words of logs and shops, none of which is a name of a person or a place.
WORDS = {
    "tune": """order item stock basket queue worker cache shard replica batch session bucket index
        widget bolt lamp drill filter valve hose panel gasket bracket sensor cable adapter hinge
        request payload header cursor volume snapshot region zone cluster leader follower""".split(),
    "held-out": """cart parcel ledger invoice broker topic partition segment pipeline stage runner
        spindle bearing washer rivet chisel clamp torch plane washer nozzle relay fuse switch
        response handler socket thread bundle archive mount quota tenant mirror peer""".split(),
}
