"""Feature maps of backbones: timm's networks with seeded random weights, and the bundled mini_resnet with its own."""

from pathlib import Path

import timm
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from timm.models.resnet import BasicBlock
from timm.models.vision_transformer import VisionTransformer
from torch import nn

from draws import draw_weights
from golden_file import Golden

MINI_RESNET = Path(__file__).parent.parent / 'public' / 'weights' / 'mini_resnet.safetensors'
IMAGENET_MEAN = torch.tensor([0.485, 0.456, 0.406]).double().view(1, 3, 1, 1)
IMAGENET_STD = torch.tensor([0.229, 0.224, 0.225]).double().view(1, 3, 1, 1)


def timm_features(architecture, weights):
    """timm's network up to stride 16 with drawn weights (of the set `weights`), as image -> (stride 8, stride 16)."""
    model = timm.create_model(architecture, features_only=True, out_indices=(2, 3)).eval()
    shapes = {
        name: tuple(tensor.shape)
        for name, tensor in model.state_dict().items()
        if not name.endswith('num_batches_tracked')
    }
    drawn = {name: torch.from_numpy(values) for name, values in draw_weights(weights, shapes).items()}
    # Not strict: torch's counters of batches have no values, and none are needed.
    model.load_state_dict(drawn, strict=False)
    return model.double()


def aligned(stride8, stride16):
    """The deeper map brought to the size of the shallower, and both as one map."""
    size = stride8.shape[-2:]
    return torch.cat([stride8, F.interpolate(stride16, size=size, mode='bilinear', align_corners=True)], 1)


def random_features(architecture, image_shape):
    golden = Golden(f'{architecture}_features')
    stride8, stride16 = timm_features(architecture, architecture)(golden.draw('input', image_shape, -2, 2))
    golden.store('stride8', stride8)
    golden.store('stride16', stride16)
    return golden


def efficientnet_b0_features():
    """Both paddings with the same weights: torch's own, and TensorFlow's `SAME` (tf_*, epsilon 1e-3)."""
    golden = Golden('efficientnet_b0_features')
    models = {'': 'efficientnet_b0', 'tf_': 'tf_efficientnet_b0'}
    models = {prefix: timm_features(name, 'efficientnet_b0') for prefix, name in models.items()}
    images = {'': golden.draw('input', (2, 3, 32, 40), -2, 2), 'odd_': golden.draw('input_odd', (1, 3, 65, 57), -2, 2)}
    for odd, image in images.items():
        for prefix, model in models.items():
            stride8, stride16 = model(image)
            golden.store(f'{odd}{prefix}stride8', stride8)
            golden.store(f'{odd}{prefix}stride16', stride16)
            if not odd and not prefix:
                golden.store('aligned', aligned(stride8, stride16))
    return golden


class MiniResNet(nn.Module):
    """The bundled backbone out of timm's blocks; its tensors have timm's names."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(BasicBlock(32, 32))
        self.layer2 = self.stage(32, 64)
        self.layer3 = self.stage(64, 128)

    @staticmethod
    def stage(inputs, outputs):
        """Two blocks, the first at stride 2 with a shortcut that fits."""
        shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=2, bias=False), nn.BatchNorm2d(outputs))
        return nn.Sequential(
            BasicBlock(inputs, outputs, stride=2, downsample=shortcut), BasicBlock(outputs, outputs)
        )

    def forward(self, image):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(image))), 3, stride=2, padding=1)
        stride8 = self.layer2(self.layer1(x))
        return stride8, self.layer3(stride8)


def mini_resnet_features():
    golden = Golden('mini_resnet_features')
    weights = load_file(MINI_RESNET)
    projection = weights.pop('projection').double()
    model = MiniResNet().eval()
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not unexpected and all(name.endswith('num_batches_tracked') for name in missing), (missing, unexpected)
    pixels = golden.draw('image_u8', (1, 3, 40, 32), 0, 256, whole=True)
    stride8, stride16 = model.double()((pixels / 255 - IMAGENET_MEAN) / IMAGENET_STD)
    phi = aligned(stride8, stride16)
    golden.store('stride8', stride8)
    golden.store('stride16', stride16)
    golden.store('aligned', phi)
    golden.store('projected', torch.einsum('bchw,ck->bkhw', phi, projection))
    return golden


def vision_transformer_features(name, registers):
    """A small transformer built as DINOv2's are: every block and the final norm, at the trained size, and at a smaller and
    a larger one, whose sides differ."""
    golden = Golden(f'{name}_features')
    model = VisionTransformer(
        img_size=70, patch_size=14, embed_dim=48, depth=3, num_heads=3, init_values=1e-5, num_classes=0,
        reg_tokens=registers, no_embed_class=registers > 0, dynamic_img_size=True,
    ).eval()  # fmt: skip
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    weights = {key: torch.from_numpy(values) for key, values in draw_weights(name, shapes).items()}
    model.load_state_dict(weights)
    model.double()
    images = {'': (3, 3, 70, 70), 'small_': (1, 3, 42, 56), 'large_': (1, 3, 98, 84)}
    for prefix, shape in images.items():
        image = golden.draw(f'{prefix}input', shape, -2, 2)
        taps = model.forward_intermediates(image, indices=[0, 2], intermediates_only=True)
        golden.store(f'{prefix}blocks.0', taps[0])
        golden.store(f'{prefix}blocks.2', taps[1])
        (final,) = model.forward_intermediates(image, indices=1, norm=True, intermediates_only=True)
        golden.store(f'{prefix}norm', final)
    return golden
