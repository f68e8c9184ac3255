"""The independent witness: the register's answers once more, by DuckDB SQL over the accepted events."""
