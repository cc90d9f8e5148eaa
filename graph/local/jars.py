"""The Neo4j jars in the user's cache folder, downloaded once for all local servers."""

import errno
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import platformdirs
from filelock import FileLock
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext

from graph.errors import LocalServerError, ResourceError
from graph.local.artifacts import NEO4J_VERSION, Jar, hash_file, read_jars
from graph.progress import Progress, silent

NUM_DOWNLOADS = 8
NUM_ATTEMPTS = 3
TIMEOUT_S = 60


def default_cache() -> Path:
    """Folder for the jars: shared by all homes of this user."""
    return Path(platformdirs.user_cache_dir("cisgraph")) / f"neo4j-{NEO4J_VERSION}"


def missing_jars(cache: Path) -> tuple[Jar, ...]:
    """Jars that are not in the cache with their full size; empty when Neo4j is installed.

    A jar is moved into the cache only after its hash was checked, so the size is enough here.
    """
    return tuple(jar for jar in read_jars() if _size(cache / jar.filename) != jar.size)


def install_jars(cache: Path, progress: Progress = silent) -> Path:
    """Download what is missing and return the folder that holds exactly the jars of the class path.

    Milliseconds when nothing is missing. Two processes that install at once do the work once; what a
    killed download left behind is thrown away.

    Raises
    ------
    LocalServerError
        No Maven repository can be reached, or a file is not the one that was pinned.
    ResourceError
        The disk is full.
    """
    if not missing_jars(cache):
        return cache
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache.with_name(f"{cache.name}.lock")):
        missing = missing_jars(cache)  # another process may have been faster
        for left_over in cache.parent.glob(f"{cache.name}-*"):  # of a download that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        _check_space(cache, sum(jar.size for jar in missing))
        with tempfile.TemporaryDirectory(prefix=f"{cache.name}-", dir=cache.parent) as staging:
            download_jars(missing, cache=cache, context=_maven(Path(staging)), progress=progress)
    return cache


def _maven(staging: Path) -> MavenContext:
    """Repositories of the user's jgo settings first, Maven Central last; no shared local repository.

    A private repository folder, because jgo trusts whatever half file it finds in the shared one.
    """
    remotes = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=staging, remote_repos=remotes, timeout=TIMEOUT_S)


def download_jars(jars: Sequence[Jar], *, cache: Path, context: MavenContext, progress: Progress) -> None:
    """Download jars side by side into the cache; each arrives whole and checked, or not at all.

    Raises
    ------
    LocalServerError
        A jar cannot be had from the repositories of `context`, or is not the one that was pinned.
    ResourceError
        The disk is full.
    """
    total = sum(jar.size for jar in jars)
    done = 0
    with ThreadPoolExecutor(NUM_DOWNLOADS) as pool:
        pending = {pool.submit(_fetch, jar, cache=cache, context=context): jar for jar in jars}
        try:
            for number, finished in enumerate(as_completed(pending), start=1):
                finished.result()
                done += pending[finished].size
                progress(
                    f"Neo4j {NEO4J_VERSION}: {number} of {len(jars)} jars, "
                    f"{done / 1e6:.0f} of {total / 1e6:.0f} MB",
                    done / total,
                )
        finally:
            pool.shutdown(cancel_futures=True)


def _fetch(jar: Jar, *, cache: Path, context: MavenContext) -> None:
    """Put one jar into the cache: whole and checked, or not at all."""
    artifact = jar.artifact(context)
    staged = context.repo_cache / artifact.component.path_prefix / artifact.cached_filename
    for attempt in range(1, NUM_ATTEMPTS + 1):
        staged.unlink(missing_ok=True)
        try:
            context.resolver.download(artifact)
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors; jgo's are RuntimeErrors
            if _is_disk_full(error) or attempt == NUM_ATTEMPTS:
                raise _translate(error, jar, context=context) from error
            continue
        if hash_file(staged) == jar.sha256:
            staged.replace(cache / jar.filename)
            return
    raise LocalServerError(
        f"{jar.coordinate} from {', '.join(context.remote_repos.values())}: expected {jar.size:,} bytes with "
        f"SHA-256 {jar.sha256}, found {_size(staged):,} bytes with {hash_file(staged)}",
        hint="something between here and the Maven repository changes files: ask whoever runs the network",
    )


def _translate(error: OSError | RuntimeError, jar: Jar, *, context: MavenContext) -> Exception:
    if _is_disk_full(error):
        return _disk_full(Path(context.repo_cache).parent, jar.size)
    return LocalServerError(
        f"{jar.coordinate} cannot be downloaded from {', '.join(context.remote_repos.values())}: {error}",
        hint="check the network; behind a mirror, name it under [repositories] in ~/.config/jgo.conf; "
        f"without a network, copy {default_cache()} from another machine or set NEO4J_URI",
    )


def _is_disk_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def _check_space(cache: Path, num_bytes: int) -> None:
    # Each file is in the staging folder or in the cache, never in both.
    if shutil.disk_usage(cache).free < num_bytes + 50_000_000:
        raise _disk_full(cache, num_bytes)


def _disk_full(folder: Path, num_bytes: int) -> ResourceError:
    free = shutil.disk_usage(folder).free
    return ResourceError(
        f"the Neo4j jars need {num_bytes / 1e6:,.0f} MB in {folder}, its disk has {free / 1e6:,.0f} MB free",
        hint="free some space, or set XDG_CACHE_HOME to a folder on a larger disk",
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
