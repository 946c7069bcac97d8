"""The exchange in Airflow: one route of the settings is one DAG, and a task works for one time box.

`factory.build_dags` makes the DAGs of a settings file, `operators.RunRouteOperator` runs a route inside a DAG of one's own, and
`hooks.ExchangeHook` opens the exchange in any task. Nothing is imported here, because every Airflow command loads this package
for `provider.get_provider_info`.
"""
