# Needs Python 3.11 or newer and make; fetches everything else, uv included.

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := .venv/bin/
# Each worker would compile all tests anew where Python is told not to keep what it compiles.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(RUN)pytest

.PHONY: test check ask sandbox pictures soak bench audit golden clean

test: .venv/ready ## all tests, with the coverage of every branch
	$(PYTEST) -n 4 --dist worksteal --cov --cov-report=term
	@$(RUN)python -m tests.sandbox.browser

check: .venv/ready ## style, types and import contracts
	$(RUN)ruff format --check
	$(RUN)ruff check
	$(RUN)mypy
	$(RUN)lint-imports

ask: .venv/ready ## one look-up between the stand-ins: make ask EMAIL=test@test.com CASE=DSR-123
	@$(RUN)python -m tests.sandbox.ask "$(EMAIL)" "$(CASE)"

sandbox: .venv/ready ## the whole bot in a browser: make sandbox ARGS="--port 9000 --no-browser"
	@$(RUN)python -m tests.sandbox $(ARGS)

pictures: .venv/ready ## the README's pictures of the sandbox, taken anew
	@$(RUN)python -m tests.sandbox.camera

soak: .venv/ready ## ten minutes of load and faults, or make soak SECONDS=60 TRANSPORT=socket
	@$(RUN)python -m tests.soak --seconds "$(or $(SECONDS),600)" --transport "$(or $(TRANSPORT),both)"

bench: .venv/ready ## how fast, how small: make bench ARGS="--quick --only ack", or ARGS=--markdown
	@$(RUN)python -m tests.bench $(ARGS)

audit: .venv/ready ## known vulnerabilities in uv and what uv.lock pins: 0 none, 1 some, 3 nobody could say
	@$(RUN)python -m tests.project.known_vulnerabilities "$(UV)"

golden: .venv/ready ## write the golden messages anew, after looking at the difference
	$(RUN)pytest tests/unit/messages tests/unit/evidence --write-golden -p no:cacheprovider

clean: ## everything that make has fetched
	rm -rf .venv .uv

# 3.13 where it can be had, as on Heroku; otherwise the Python that is there.
.venv/ready: uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --locked --python 3.13 2>/dev/null || $(UV) sync --quiet --locked --python python3
	touch $@

.uv/bin/uv: .ci/uv-requirements.txt
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--requirement .ci/uv-requirements.txt
	touch $@
