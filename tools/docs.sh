# SPDX-License-Identifier: BSL-1.0
# What './run docs' does; ./run sources this file.

make_docs() {  # --pictures [NAME...], or ARGUMENTS...
  install_for docs
  if [[ ${1:-} == --pictures ]]; then
    install_for demo
    draw_pictures "${@:2}"
    shift $#
  fi
  run_script docs/make_site.py "$@"
}

# Draws the pictures that docs/pictures.txt lists, all or those of the examples that are named.
draw_pictures() {  # NAME...
  local picture example written root=$PWD
  configure release --buildtype=release -Dtests=disabled -Dexamples=enabled
  mkdir -p build/pictures
  while read -r picture example written; do
    if (( $# )) && [[ " $* " != *" $example "* ]]; then continue; fi
    build "examples/$example"
    say "drawing $picture"
    if [[ $written ]]; then
      (cd build/pictures && "$root/$folder/examples/$example" >/dev/null) && cp "build/pictures/$written" "$picture"
    else
      "$folder/examples/$example" --out "$picture" >/dev/null
    fi
  done < <(grep -v '^#' docs/pictures.txt)
}
