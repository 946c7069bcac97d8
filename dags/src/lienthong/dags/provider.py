"""What Airflow learns about this package when it starts; every Airflow command loads this module, so it imports nothing."""


def get_provider_info() -> dict[str, object]:
    """Return the description that Airflow's list of providers shows.

    Standard: `airflow/provider_info.schema.json` of Airflow 3.3.
    """
    return {
        "package-name": "lienthong",
        "name": "Liên thông",
        "description": "Documents over the national document axis, dossiers to the national public service portal.",
        "integrations": [{"integration-name": "lienthong", "tags": ["service"]}],
        "hooks": [{"integration-name": "lienthong", "python-modules": ["lienthong.dags.hooks"]}],
        "operators": [{"integration-name": "lienthong", "python-modules": ["lienthong.dags.operators"]}],
    }
