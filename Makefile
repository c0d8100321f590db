# Two commands: `make run` sets up and starts everything, `make test` checks everything.
# Settings (PORT, HOST, DATABASE_URL, …) come from the environment: see the table in docs/operations.md.

VENV := .venv
PY := $(VENV)/bin/python
# The first Python that is new enough; `make run PYTHON=/path/to/python3.12` chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
SET_UP := csworkspace/embedded/machine.py
THROW_AWAY := $(PY) -m csworkspace.embedded throw-away

.PHONY: run test bench stop check clean setup checks-only tests-only

run: $(VENV)/.set-up
	@$(PY) manage.py serve

test: $(VENV)/.set-up-dev
	@$(THROW_AWAY) $(MAKE) --no-print-directory checks-only tests-only

check: $(VENV)/.set-up-dev
	@$(THROW_AWAY) $(MAKE) --no-print-directory checks-only

bench: $(VENV)/.set-up-dev
	@$(PY) -m tests.bench

# Stops a running `make run` and the embedded services that other commands left running.
stop:
	@if [ -x $(PY) ]; then $(PY) -m csworkspace.embedded stop; fi

# Removes what can be made again. The data in .state stays.
clean: stop
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(VENV)/.set-up

# Remade when the pinned packages change; otherwise nothing is looked at and nothing is downloaded.
$(VENV)/.set-up: requirements.txt $(SET_UP)
	@test -n "$(PYTHON)" || { echo "CS Workspace needs Python 3.11 or newer, and there is none here."; \
		echo "Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv) and run make again."; exit 1; }
	@$(PYTHON) $(SET_UP)
	@touch $@

$(VENV)/.set-up-dev: requirements.txt requirements-dev.txt $(SET_UP)
	@test -n "$(PYTHON)" || { echo "CS Workspace needs Python 3.11 or newer, and there is none here."; \
		echo "Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv) and run make again."; exit 1; }
	@$(PYTHON) $(SET_UP) --dev
	@touch $(VENV)/.set-up $@

# Run inside throw-away services by `check` and `test`.
checks-only:
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --check --quiet .
	$(PY) -m mypy .
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with settings as in production"
	@env PRODUCTION=1 SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		SITE_URL=https://cs.example.com ALLOWED_HOSTS=cs.example.com \
		$(PY) manage.py check --deploy --fail-level WARNING

tests-only:
	$(PY) -m pytest -n 2 --dist loadscope
