# Marks for ccc: where a prompt, a command and its output begin and end (OSC 133), and the working
# directory (OSC 7). Found by fish because XDG_DATA_DIRS led here; that is given back first.

if set -q CCC_SHELL_DATA_DIRS
    if test -n "$CCC_SHELL_DATA_DIRS"
        set -gx XDG_DATA_DIRS (string replace -r '^x' '' -- $CCC_SHELL_DATA_DIRS)
    else
        set -e XDG_DATA_DIRS
    end
    set -e CCC_SHELL_DATA_DIRS
end

if set -q CCC_SHELL
    set -e CCC_SHELL
    # fish marks by itself from version 4 on, with the command's text.
    if status is-interactive; and string match -qr '^[23]\.' -- $version
        function __ccc_first --on-event fish_prompt
            functions -e __ccc_first
            # Somebody marks already: one is enough.
            set -l known (functions fish_prompt; functions | string match -r '.*(iterm|kitty|ksi|vsc|ghostty|wezterm).*')
            if string match -q '*]133;*' -- $known
                return
            end

            function __ccc_preexec --on-event fish_preexec
                set -g __ccc_ran 1
                # What fish keeps out of its history is not told.
                if set -q fish_private_mode; or string match -q ' *' -- $argv[1]
                    printf '\e]133;C;cmdline_url=\a'
                else
                    printf '\e]133;C;cmdline_url=%s\a' (string sub -l 4096 -- $argv | string join \n | string escape --style=url | string join %0A)
                end
            end

            function __ccc_postexec --on-event fish_postexec
                set -l ended $status
                if set -q __ccc_ran
                    set -e __ccc_ran
                    printf '\e]133;D;%s\a' $ended
                end
            end

            function __ccc_prompts --on-event fish_prompt --on-event fish_cancel
                printf '\e]133;A\a'
            end

            function __ccc_told --on-variable PWD
                printf '\e]7;file://%s%s\a' (string escape --style=url -- "$hostname") (string escape --style=url -- $PWD)
            end

            __ccc_told
            __ccc_prompts
        end
    end
end
