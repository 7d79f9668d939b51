# SPDX-License-Identifier: Apache-2.0
"""A program that uses the engines' own packages beside Baton, imported before or after it: two copies of ONNX Runtime, and
OpenVINO twice, answer in one process, at once, in any order of creation and destruction."""

import pytest

from conftest import ROOT, check_program

DEPS = ROOT / "build" / "deps"
# Where the engines' libraries lie a second time; without them Baton takes those of the installed packages.
OTHER_COPIES = [folder for folder in (DEPS / "onnxruntime/onnxruntime/capi", DEPS / "openvino/openvino/libs") if folder.exists()]

USERS = {
    "onnxruntime": """
        def make_user():
            import onnxruntime
            session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])
            return lambda data: session.run(None, {"data": data})[0]
        """,
    "openvino": """
        def make_user():
            import openvino
            compiled = openvino.Core().compile_model(openvino.Core().read_model(MODEL), "CPU")
            return lambda data: compiled(data)[0]
        """,
}

PROGRAM = """
        import threading
        import numpy as np
        import onnx_models

        MODEL = onnx_models.twice()

        def make_baton():
            import baton
            core = baton.Core()
            compiled = core.compile_model(core.read_model(MODEL), "AUTO")
            request = compiled.create_infer_request()
            def run(data):
                answer = np.array(request.infer([data])[0])
                return answer
            run.settle = lambda: compiled.wait_until_steady(60000)
            return run

        DATA = np.arange(4, dtype=np.float32).reshape(1, 4)

        def check(run):
            for _ in range(20):
                assert (run(DATA) == 2 * DATA).all()

        def loop(run, failed):
            try:
                for _ in range(10):
                    check(run)
            except BaseException as error:
                failed.append(error)

        def both_at_once(one, other):
            failed = []
            threads = [threading.Thread(target=loop, args=(run, failed)) for run in (one, other)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert not failed, failed
        """


def run_both(user, story, copies):
    env = {"BATON_LIBRARY_PATH": ":".join(map(str, copies))} if copies else {}
    assert check_program(USERS[user] + PROGRAM + story, env=env, timeout=120).strip().endswith("good")


@pytest.fixture(params=["packages", "other copies"])
def copies(request):
    if request.param == "packages":
        return []
    if not OTHER_COPIES:
        pytest.skip("no second copy of the libraries in build/deps")
    return OTHER_COPIES


@pytest.mark.parametrize("user", USERS)
def test_the_users_import_comes_first(user, copies):
    run_both(user, """
        own = make_user()
        check(own)
        ours = make_baton()
        check(ours)
        both_at_once(own, ours)
        ours.settle()
        check(ours)
        check(own)
        print("good")
        """, copies)


@pytest.mark.parametrize("user", USERS)
def test_baton_comes_first(user, copies):
    run_both(user, """
        ours = make_baton()
        check(ours)
        own = make_user()
        check(own)
        both_at_once(ours, own)
        ours.settle()
        check(own)
        check(ours)
        print("good")
        """, copies)


@pytest.mark.parametrize("user", USERS)
def test_either_may_end_before_the_other(user, copies):
    run_both(user, """
        import gc
        for first in (make_user, make_baton):
            one = first()
            check(one)
            other = (make_baton if first is make_user else make_user)()
            check(other)
            del one
            gc.collect()
            check(other)
            del other
            gc.collect()
        print("good")
        """, copies)


@pytest.mark.parametrize("user", USERS)
def test_the_users_package_may_be_imported_while_baton_loads(user, copies):
    run_both(user, """
        ours = make_baton()
        own = make_user()
        both_at_once(ours, own)
        print("good")
        """, copies)


def test_all_three_live_together():
    run_both("onnxruntime", USERS["openvino"].replace("make_user", "make_other") + """
        own, ours, other = make_user(), make_baton(), make_other()
        for run in (own, ours, other, own):
            check(run)
        both_at_once(own, ours)
        both_at_once(other, ours)
        print("good")
        """, [])
