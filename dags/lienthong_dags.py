"""Airflow reads the DAGs of the settings here: of the file that LIENTHONG_SETTINGS names, else of ./lienthong.yaml."""

from lienthong.dags.factory import build_dags

globals().update(build_dags())
