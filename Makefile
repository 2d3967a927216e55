# What can be done here. `make demo` needs the Rust toolchain and a C compiler; `make test` also
# needs Python 3.11 with venv or pip, for the second implementations that results are compared with.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
LOUP    := $(TARGET)/release/loup
PYTHON  := $(TARGET)/venv/bin/python
REGIONS := FR,GB,US
FUZZ_CASES ?= 20000

.PHONY: demo test check bench soak fuzz fixtures bless release venv clean

# Scan a small company, protect it, and scan the copy: nothing is left to find.
demo: DEMO := $(TARGET)/demo
demo: release
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(LOUP) scan fixtures/company --region $(REGIONS) --out $(DEMO)/map.json \
		--findings $(DEMO)/findings.ndjson --html $(DEMO)/map.html
	$(LOUP) key new --out $(DEMO)/demo.key
	$(LOUP) mask fixtures/company --out $(DEMO)/masked --key-file $(DEMO)/demo.key --region $(REGIONS)
	$(LOUP) scan $(DEMO)/masked --region $(REGIONS)
	@echo "Map: $(DEMO)/map.html   Findings: $(DEMO)/findings.ndjson   Copy: $(DEMO)/masked"

# Everything that must hold before a change goes in.
test: export LOUP_TEST_PYTHON := $(abspath $(PYTHON))
test: export LOUP_ORACLE := $(abspath tests/oracle)
test: check venv
	cargo test --locked

# The same without running anything: format, lints, links in the documentation.
check:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D rustdoc::broken_intra_doc_links" cargo doc --locked --no-deps --lib

# Speed, each bench checking its count first.
bench:
	cargo bench --locked

# Memory on large inputs, and ten million tokens without a collision.
soak: release
	tests/soak.sh $(LOUP) $(TARGET)/soak
	LOUP_TOKENS=10000000 cargo test --locked --release --lib no_two_of_many

# The property tests, with far more cases than a test run draws.
fuzz:
	PROPTEST_CASES=$(FUZZ_CASES) cargo test --locked --lib

# Makes the committed inputs again, byte for byte.
fixtures: venv
	$(PYTHON) fixtures/make.py
	$(PYTHON) fixtures/make_hostile.py

# Accepts changed snapshots; read the diff.
bless: export LOUP_TEST_PYTHON := $(abspath $(PYTHON))
bless: export LOUP_ORACLE := $(abspath tests/oracle)
bless: venv
	LOUP_BLESS=1 cargo test --locked

release:
	cargo build --locked --release

venv:
	tests/venv.sh $(TARGET)/venv

clean:
	cargo clean
