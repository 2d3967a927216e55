# What can be done here. `make demo` needs the Rust toolchain and a C compiler; `make test` also
# needs Python 3.11 with venv or pip, for the second implementations that results are compared with.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
LOUP    := $(TARGET)/release/loup
PYTHON  := $(TARGET)/venv/bin/python
REGIONS := FR,GB,US
FUZZ_CASES ?= 20000
ACCURACY := $(TARGET)/accuracy
COMPARE := $(TARGET)/compare
ACCURACY_SEED ?= 1
CALIBRATION_SEED ?= 11

.PHONY: demo test check bench compare accuracy accuracy-peers calibration soak portable features fuzz fixtures bless release venv clean

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

# Speed beside other programs, and whether the goals are met; needs the package index once. For one
# job alone: COMPARE_ARGS="--job 'scan-log-*'".
compare: release
	tests/venv.sh $(COMPARE)/venv benches/requirements.txt
	$(COMPARE)/venv/bin/python benches/compare.py --loup $(LOUP) --work $(COMPARE) $(COMPARE_ARGS)

# Precision and recall on a generated corpus, the part to learn from and the part held out, with
# the regions of its files told to loup and not told.
accuracy: PYTHON := $(ACCURACY)/venv/bin/python
accuracy: release $(ACCURACY)/venv/installed
	$(PYTHON) tests/accuracy/generate.py --check
	for part in tune held-out; do \
		$(PYTHON) tests/accuracy/generate.py --part $$part --seed $(ACCURACY_SEED) --out $(ACCURACY)/$$part && \
		$(PYTHON) tests/accuracy/score.py $(ACCURACY)/$$part --loup $(LOUP) && \
		$(PYTHON) tests/accuracy/score.py $(ACCURACY)/$$part --loup $(LOUP) --no-region || exit 1; \
	done

# The same for other detectors, on a sample, side by side; needs the package index once.
accuracy-peers: accuracy
	for part in tune held-out; do \
		$(ACCURACY)/venv/bin/python tests/accuracy/peers.py $(ACCURACY)/$$part --loup $(LOUP) \
			--venvs $(ACCURACY)/peers || exit 1; \
	done

# How often findings of each stated confidence are right: draws docs/calibration.svg, and writes the
# tables of docs/calibration.md.
calibration: PYTHON := $(ACCURACY)/venv/bin/python
calibration: release $(ACCURACY)/venv/installed
	$(PYTHON) tests/accuracy/generate.py --part held-out --seed $(CALIBRATION_SEED) --out $(ACCURACY)/calibration
	$(PYTHON) tests/accuracy/calibration.py $(ACCURACY)/calibration --loup $(LOUP) --docs docs

$(ACCURACY)/venv/installed: tests/accuracy/requirements.txt
	python3 -m venv $(ACCURACY)/venv
	$(ACCURACY)/venv/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# Whether a processor without AVX2 finds the same; needs qemu-user from the system.
portable: release
	tests/portable.sh $(LOUP) fixtures/company fixtures/hostile

# Memory on large inputs, and ten million tokens without a collision.
soak: release
	tests/soak.sh $(LOUP) $(TARGET)/soak
	LOUP_TOKENS=10000000 cargo test --locked --release --lib no_two_of_many

# What is not built by default.
features: export LOUP_TEST_PYTHON := $(abspath $(PYTHON))
features: export LOUP_ORACLE := $(abspath tests/oracle)
features: venv
	cargo clippy --locked --all-targets --features age -- -D warnings
	cargo test --locked --features age --test it -- keys:: passphrase::

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
