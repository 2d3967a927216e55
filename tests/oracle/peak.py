"""Runs a command and bounds its memory.

    peak.py LIMIT_MIB COMMAND...

Exit 1 if the command fails or its resident set was ever larger than LIMIT_MIB; says both numbers.
"""

import resource
import subprocess
import sys

limit_mib, command = int(sys.argv[1]), sys.argv[2:]
status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
# Linux counts in KiB, macOS in bytes.
unit = 1 if sys.platform == "darwin" else 1024
peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / (1 << 20)
print(f"{peak_mib:.0f} MiB at most, {limit_mib} allowed: {' '.join(command[:3])}")
sys.exit(1 if status != 0 or peak_mib > limit_mib else 0)
