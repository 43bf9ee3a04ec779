# Completions of PROGRAM: it is asked at each Tab.
_PROGRAM_complete() {
    local IFS=$'\013' space=true rest=$COMP_LINE before='' words=() word blanks i
    if compopt +o nospace 2> /dev/null; then
        space=false
    fi
    # Bash splits words at colons and the like, which names of models have in them, and replaces what is behind the last.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        blanks=${rest%%[![:space:]]*}
        rest=${rest#"$blanks"}
        rest=${rest#"$word"}
        if ((i == COMP_CWORD && BASH_VERSINFO[0] >= 4)) && [[ $word != [:=@]* ]]; then
            word=$2
        fi
        if [[ $i -gt 0 && -z $blanks && ($word == [:=@]* || ${COMP_WORDS[i - 1]} == *[:=@]) ]]; then
            before=${words[${#words[@]} - 1]}
            words[${#words[@]} - 1]=$before$word
            if [[ $word == [:=@]* ]]; then
                before=$before$word
            fi
        else
            words+=("$word")
            before=''
        fi
    done
    COMPREPLY=($(
        _CLAP_IFS="$IFS" \
            _CLAP_COMPLETE_INDEX="$((${#words[@]} - 1))" \
            _CLAP_COMPLETE_COMP_TYPE="$COMP_TYPE" \
            _CLAP_COMPLETE_SPACE="$space" \
            VARIABLE=bash \
            COMPLETER -- "${words[@]}" "${COMP_WORDS[@]:COMP_CWORD + 1}"
    )) || COMPREPLY=()
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    if [[ $space == false && ${COMPREPLY-} =~ [=/:]$ ]]; then
        compopt -o nospace
    fi
}
if ((BASH_VERSINFO[0] > 4 || BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4)); then
    complete -o nospace -o bashdefault -o nosort -F _PROGRAM_complete PROGRAM
else
    complete -o nospace -o bashdefault -F _PROGRAM_complete PROGRAM
fi
