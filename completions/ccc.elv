
set edit:completion:arg-completer[ccc] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) CCC_COMPLETE="elvish" ccc -- $@words) | to-lines
}

