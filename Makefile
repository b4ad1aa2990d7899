# The front door. Everything is done by the scripts in tools/.
#
#   make demo      what the extension does, shown on a throw-away server
#   make test      every suite (one alone: make test SUITES="regress tap")
#   make test-long what takes long: 5,000 logs, 1,000 partitions, a server that has too little memory, every way to restore, every version
#   make bench     its speed beside a plain table
#   make install   into this machine's PostgreSQL
#   make package   the installed files, as a tree under target/release
#   make psql      a throw-away server with the extension and psql on it
#   make setup     only what the others need (Debian packages, stage); the suite pgrx fetches cargo-pgrx when it runs
#   make clean     what was built, and the stage
#
# PG=15|16|17|18 chooses the PostgreSQL: make test PG=18. Without it: the newest that is installed, else 15.

.PHONY: help demo test test-long bench install package psql setup clean

help:
	@sed -n 's/^#   //p' Makefile

demo:
	@tools/run.sh demo/demo.sh

test:
	@tools/test.sh $(SUITES)

test-long:
	@AUDIT_LOGS=5000 AUDIT_PARTITIONS=1000 AUDIT_LIMITS="locked many partitions memory" \
		AUDIT_RESTORES=whole AUDIT_TAP=t/015_restore_matrix.pl AUDIT_HISTORIES=10000 AUDIT_CRASHES=200 \
		tools/test.sh limits runs tap
	@AUDIT_UPGRADES=whole tools/versions.py 15 16 17 18

bench:
	@tools/run.sh bench/bench.sh

install:
	@tools/install.sh

package:
	@tools/package.sh

psql:
	@tools/run.sh tools/psql.sh

setup:
	@tools/setup.sh

clean:
	@tools/clean.sh
