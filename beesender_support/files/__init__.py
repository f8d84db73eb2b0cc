"""The tables that commands read: files, rows, and cells, with every fault named."""
