"""What reading packets loads."""

import subprocess
import sys


def test_packets_load_without_heavy_packages() -> None:
    """Importing the packets brings no signature library, SOAP client or database toolkit."""
    heavy = "{'signxml', 'zeep', 'sqlalchemy', 'airflow', 'fastapi', 'pyhanko', 'cryptography'}"
    program = f"import sys, lienthong.schemas.edxml, lienthong.schemas.organisations; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
