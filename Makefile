# The verbs of this project. Each sets up what it needs by itself; nothing is installed outside this folder
# but, for the browser tests, Chromium, Firefox and PulseAudio.

BIN := .venv/bin
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
# The functions' own Python first: `sam build` asks for it by name.
PYTHON = $(firstword $(foreach python, \
  $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python3.13) python3.13 python3.12 python3.14 python3 python3.11, \
  $(shell $(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1

.PHONY: run check test rehearse bench audit fuzz mutants build deploy lock clean

run: .venv/local ## the whole thing on 127.0.0.1:8000, with no key, no account and no Docker
	@exec env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m local

check: .venv/test node_modules/.package-lock.json ## a minute: format, lint, types, unit tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(NODE) npm run --silent types
	$(NODE) npm test --silent -- --test-reporter=dot
	$(BIN)/pytest -q tests/test_*.py

test: check ## minutes: everything, with a real browser
	tests/browser/install-chromium
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -m 'not thorough' --ignore-glob='tests/test_*.py' --ignore=tests/rehearse

LIGHTHOUSE := tests/rehearse/lighthouse
rehearse: .venv/test node_modules/.package-lock.json .venv-rehearse/ready .venv-checkov/ready $(LIGHTHOUSE)/node_modules/.package-lock.json ## minutes: a whole deployment on an emulated AWS, from nothing to nothing
	tests/browser/install-chromium
	$(BIN)/pytest -n 2 --dist loadfile -m thorough --ignore=tests/rehearse
	tests/browser/in-firefox -n 2 tests/browser/test_firefox.py tests/browser/test_page.py tests/browser/test_page_accessible.py::test_everything_can_be_done_by_keyboard \
	  tests/browser/test_guide.py tests/browser/test_guide_module.py
	$(BIN)/pytest tests/rehearse

audit: .venv/test .venv-audit/ready node_modules/.package-lock.json ## known vulnerabilities in what is pinned; asks PyPI and npm
	@failed=; for pinned in layers/realtime/requirements.txt layers/realtime/build/requirements.txt requirements/*.txt; do echo "$$pinned"; \
	  .venv-audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$pinned || failed=1; done; \
	  for folder in . functions/publish bench/baselines/express $(LIGHTHOUSE); do echo "$$folder/package-lock.json"; \
	  (cd $$folder && PATH="$(CURDIR)/$(BIN):$$PATH" npm audit) || failed=1; done; test -z "$$failed"

fuzz: .venv-fuzz/ready ## a minute, or SECONDS=: looks for an offer that breaks the check
	@mkdir -p .run/fuzz
	FUZZ_FOLDER=.run/fuzz PYTHONPATH=.:layers/realtime .venv-fuzz/bin/python -m tests.fuzz.fuzz_offer

mutants: .venv-mutants/ready ## hours: changes the layer and the functions line by line, and lists what no quick test notices
	nice .venv-mutants/bin/python -m tests.mutants
	cd .run/mutants && $(CURDIR)/.venv-mutants/bin/mutmut results

bench: .venv/test ## minutes: what the functions cost, compared with what people would write instead; writes the documents' tables
	tests/browser/install-chromium
	$(NODE) $(BIN)/python -m bench

build: .venv/test ## what `sam deploy` deploys
	$(NODE) sam build

deploy: build ## to the account that the AWS credentials are of; ends with the outputs
	$(NODE) sam deploy

lock: .venv/test ## pin every package by hash, new versions of UPGRADE= only, and write what the tests take from the openai package
	$(BIN)/uv pip compile -q pyproject.toml --group test $(COMPILE) -p 3.11 -o requirements/test.txt
	$(BIN)/uv pip compile -q pyproject.toml --group local $(COMPILE) -p 3.11 -c requirements/test.txt -o requirements/local.txt
	$(BIN)/uv pip compile -q pyproject.toml $(COMPILE) -p 3.13 -c requirements/test.txt -o layers/realtime/requirements.txt
	$(BIN)/uv pip compile -q --group pyproject.toml:build $(COMPILE) -p 3.13 -c requirements/test.txt -o layers/realtime/build/requirements.txt
	$(BIN)/uv pip compile -q --group pyproject.toml:rehearse $(COMPILE) -p 3.13 -o requirements/rehearse.txt
	$(BIN)/uv pip compile -q --group pyproject.toml:checkov $(COMPILE) -p 3.13 -o requirements/checkov.txt
	$(BIN)/uv pip compile -q --group pyproject.toml:audit $(COMPILE) -p 3.13 -o requirements/audit.txt
	$(BIN)/uv pip compile -q --group pyproject.toml:fuzz $(COMPILE) -p 3.13 -c requirements/test.txt -o requirements/fuzz.txt
	$(BIN)/uv pip compile -q pyproject.toml --group mutants $(COMPILE) -p 3.13 -o requirements/mutants.txt
	@$(MAKE) -s .venv/test
	$(BIN)/python -m tests.package_types
	PYTHONPATH=layers/realtime $(BIN)/python -m tests.sdk_types
COMPILE := --universal --generate-hashes --no-emit-index-url --no-annotate --no-header $(addprefix -P ,$(UPGRADE))

clean:
	rm -rf .venv .venv-rehearse .venv-checkov .venv-audit .venv-fuzz .venv-mutants .aws-sam .run node_modules test-results $(LIGHTHOUSE)/node_modules

.venv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3"; exit 1; }
	@echo "Setting up, once ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check uv==0.13.9

.venv/local .venv/test: .venv/%: requirements/%.txt | .venv/bin/uv
	@$(BIN)/uv pip install -q --require-hashes -r $<
	@touch $@

# With the Python of .venv, which `sam build` uses as well: MiniStack runs the functions with the Python that runs it.
.venv-rehearse/ready .venv-checkov/ready .venv-audit/ready .venv-fuzz/ready .venv-mutants/ready: .venv-%/ready: requirements/%.txt | .venv/bin/uv
	@$(BIN)/uv venv -q --clear --no-python-downloads -p $(BIN)/python .venv-$*
	@$(BIN)/uv pip install -q -p .venv-$* --require-hashes -r $<
	@touch $@

node_modules/.package-lock.json $(LIGHTHOUSE)/node_modules/.package-lock.json: %node_modules/.package-lock.json: %package-lock.json | .venv/test
	@cd ./$* && $(NODE) npm ci --silent --no-audit --no-fund
	@touch $@
