complete --keep-order --exclusive --command ccc --arguments "(CCC_COMPLETE=fish ccc -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
