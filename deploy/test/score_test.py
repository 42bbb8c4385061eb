"""Self-test of score.py: python deploy/test/score_test.py (needs onnx besides what score.py needs)."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "triton")]
import make_repository
import score
import stand_in


class ScoreTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.model = self.path("model.onnx")
        stand_in.write(self.model)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name: str) -> str:
        return os.path.join(self.folder.name, name)

    def picture(self, name: str, red: int, size=(16, 12), **options) -> str:
        data = np.full((size[1], size[0], 3), 128, np.uint8)
        data[..., 0] = red
        Image.fromarray(data).save(self.path(name), **options)
        return self.path(name)

    def run_main(self, *arguments: str):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = score.main(arguments)
        return status, out.getvalue(), err.getvalue()

    def test_verdicts_by_the_threshold_of_the_model(self):
        names = [self.picture("a.png", 128), self.picture("b.png", 200), self.picture("c.png", 0, (9, 30))]
        for batch in ("1", "2", "16"):
            status, out, _ = self.run_main(*names, "--model", self.model, "--json", "--batch", batch)
            found = json.loads(out)
            self.assertEqual(status, 0)
            self.assertEqual([round(row["score"], 3) for row in found["images"]], [128, 72, 0])
            self.assertEqual([row["anomalous"] for row in found["images"]], [True, True, False])
            self.assertEqual(found["threshold"], {"value": 64.5, "source": "labelled test images"})
        self.assertIn("ANOMALOUS", self.run_main(*names, "--model", self.model)[1])

    def test_a_score_on_the_line_is_normal(self):
        stand_in.write(self.model, {"grad.threshold": "72"})
        self.assertIs(json.loads(self.run_main(self.picture("a.png", 200), "--model", self.model, "--json")[1])["images"][0]["anomalous"], False)

    def test_broken_images_are_named_and_counted(self):
        good = self.picture("good.png", 200)
        noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
        Image.fromarray(noise).save(self.path("cut.png"))
        whole = Path(self.path("cut.png")).read_bytes()
        for name, data in {"cut.png": whole[: len(whole) // 2], "empty.jpg": b"", "text.png": b"hello"}.items():
            Path(self.path(name)).write_bytes(data)
        status, out, err = self.run_main(self.folder.name, self.path("gone.png"), "--model", self.model, "--json")
        found = json.loads(out)
        self.assertEqual(status, 1)
        self.assertEqual(len(found["images"]), 1)
        self.assertEqual(len(found["errors"]), 4)
        self.assertIn("4 of 5 images could not be scored.", err)
        for name in ("cut.png", "empty.jpg", "text.png", "gone.png"):
            self.assertIn(name, err)

    def test_without_threshold_scores_only_and_that_is_said(self):
        stand_in.write(self.model, {"grad.threshold": "", "grad.threshold_source": ""})
        status, out, err = self.run_main(self.picture("a.png", 200), "--model", self.model, "--json")
        self.assertEqual((status, json.loads(out)["threshold"], json.loads(out)["images"][0]["anomalous"]), (0, None, None))
        self.assertIn("no threshold: scores only", err)

    def test_models_that_are_refused(self):
        picture = self.picture("a.png", 1)
        for changes, word in (
            ({"grad.format": "2"}, "grad.format 2"),
            ({"grad.format": ""}, "not written by"),
            ({"grad.input": "features"}, "--input pixels"),
            ({"grad.threshold": "nan"}, "damaged"),
            ({"grad.pixel_range": "[1]"}, "damaged"),
        ):
            stand_in.write(self.model, changes)
            status, out, err = self.run_main(picture, "--model", self.model)
            self.assertEqual((status, out), (2, ""))
            self.assertIn(word, err)
        Path(self.model).write_bytes(b"nothing")
        self.assertEqual(self.run_main(picture, "--model", self.model)[0], 2)
        self.assertEqual(self.run_main(picture, "--model", self.path("gone.onnx"))[0], 2)

    def test_orientation_and_alpha(self):
        data = np.zeros((2, 4, 3), np.uint8)
        data[0, 0] = 255
        for orientation, corner in ((1, (0, 0)), (3, (1, 3)), (6, (0, 1)), (8, (3, 0))):
            exif = Image.Exif()
            exif[274] = orientation
            Image.fromarray(data).save(self.path("turned.png"), exif=exif)
            image = score.read_image(self.path("turned.png"))
            self.assertEqual(image.shape[:2], (2, 4) if orientation in (1, 3) else (4, 2))
            self.assertEqual(np.argwhere(image[..., 0]).tolist(), [list(corner)])
        rgba = np.full((3, 3, 4), (10, 20, 30, 0), np.uint8)
        Image.fromarray(rgba).save(self.path("alpha.png"))
        self.assertEqual(score.read_image(self.path("alpha.png"))[0, 0].tolist(), [10, 20, 30])

    def test_grey_of_sixteen_bits_is_spread_over_the_range(self):
        grey = np.array([[0, 256, 1000, 2000, 65535]], np.uint16)
        Image.fromarray(grey).save(self.path("deep.png"))
        read = lambda pixel_range: score.read_image(self.path("deep.png"), pixel_range)[0, :, 0].tolist()
        self.assertEqual(read(None), [0, 1, 3, 7, 255])
        self.assertEqual(read((0.0, 2000.0)), [0, 33, 128, 255, 255])

    def test_triton_gets_a_configuration_and_versions(self):
        repository = Path(self.path("repository"))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual([make_repository.main([self.model, str(repository)]) for _ in range(2)], [0, 0])
        self.assertEqual(sorted(str(path.relative_to(repository)) for path in repository.rglob("*.*")), ["grad/1/model.onnx", "grad/2/model.onnx", "grad/config.pbtxt"])
        text = (repository / "grad" / "config.pbtxt").read_text()
        self.assertIn('{ name: "image" data_type: TYPE_UINT8 dims: [ -1, -1, -1, 3 ] }', text)
        self.assertIn('{ name: "anomaly_map" data_type: TYPE_FP32 dims: [ -1, 8, 8 ] }', text)
        self.assertIn('{ key: "threshold" value { string_value: "64.5" } }', text)
        self.assertEqual(make_repository.quoted('a"\\\nü'), '"a\\042\\134\\012\\303\\274"')
        with contextlib.redirect_stderr(io.StringIO()) as err:
            self.assertEqual(make_repository.main([self.model, str(repository), "--name", "../out"]), 2)
        self.assertIn("is no name", err.getvalue())


if __name__ == "__main__":
    unittest.main()
