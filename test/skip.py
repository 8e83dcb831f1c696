# SPDX-License-Identifier: BSL-1.0
# Stands in for a test that cannot run here: prints the reason and exits with Meson's status for "skipped".
import sys

print("skipped:", *sys.argv[1:])
sys.exit(77)
