# Thin: the work is done by manage.py. `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -W ignore manage.py
SCALE ?= 100k

.PHONY: install demo test verify bench hammer mutants chaos doctor

install: $(VENV)/.dev

$(VENV)/.system:
	@PYTHON=$(PYTHON) sh requirements/system.sh
	@[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.local: requirements/local.txt | $(VENV)/.system
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/local.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.system
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.local

$(VENV)/.bench: requirements/bench.txt | $(VENV)/.dev
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

demo: $(VENV)/.local
	@exec $(RUN) demo $(ARGS)

test: $(VENV)/.dev
	@# Where bytecode may not be written, each of the many processes the suite starts would compile Pitboss anew.
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

verify: $(VENV)/.dev
	$(RUN) verify

bench: $(VENV)/.bench
	$(RUN) bench --scale $(SCALE) --json var/bench.json $(ARGS)

hammer: $(VENV)/.dev
	$(VENV)/bin/python -m tests.hammer $(ARGS)

mutants: $(VENV)/.dev
	PITBOSS_TELL=1 $(VENV)/bin/python -m pytest tests/hammer/test_mutants.py -q $(ARGS)

chaos: $(VENV)/.dev
	$(VENV)/bin/python -W ignore -m tests.chaos $(ARGS)

doctor: $(VENV)/.local
	$(RUN) doctor
