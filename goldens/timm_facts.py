"""Facts out of timm: which weights are published, and the tensors that its networks have."""

import timm
import torch
from timm.models import get_pretrained_cfg, list_pretrained

from golden_file import GoldenJson

PUBLISHED = [
    *(f'efficientnet_b{size}' for size in range(8)),
    *(f'tf_efficientnet_b{size}' for size in range(8)),
    *('mobilenetv2_100', 'resnet18', 'resnet50', 'wide_resnet50_2'),
    *(f'vit_{size}_patch14_{registers}dinov2' for size in ('small', 'base') for registers in ('', 'reg4_')),
]
LAYOUTS = [
    *('efficientnet_b0', 'tf_efficientnet_b4', 'tf_efficientnet_b6'),
    *('mobilenetv2_100', 'resnet18', 'wide_resnet50_2'),
    *('vit_small_patch14_reg4_dinov2', 'vit_base_patch14_dinov2'),
]
# Up to stride 16, which is as deep as features are taken.
SHALLOW = {
    'blocks': ('conv_stem.', 'bn1.', *(f'blocks.{stage}.' for stage in range(5))),
    'layer1': ('conv1.', 'bn1.', 'layer1.', 'layer2.', 'layer3.'),
}


def timm_hub():
    """Per architecture the published weights: tag, Hub name, normalisation, input size, licence."""
    names = list_pretrained()
    return GoldenJson(
        'timm_hub',
        {
            architecture: [published(name) for name in names if name.split('.')[0] == architecture]
            for architecture in PUBLISHED
        },
    )


def published(name):
    config = get_pretrained_cfg(name)
    return {
        'tag': config.tag,
        'hub': config.hf_hub_id if not config.hf_hub_id.endswith('/') else config.hf_hub_id + name,
        'mean': list(config.mean),
        'std': list(config.std),
        'input': list(config.input_size),
        'license': config.license,
    }


def timm_layouts():
    """Per architecture names and shapes up to stride 16, channels of the features, the norms' epsilon; a transformer whole."""
    return GoldenJson('timm_layouts', {architecture: layout(architecture) for architecture in LAYOUTS})


def layout(architecture):
    with torch.device('meta'):
        model = timm.create_model(architecture)
    tensors = model.state_dict()
    if hasattr(model, 'pos_embed'):
        return {
            'tensors': {name: list(tensor.shape) for name, tensor in tensors.items()},
            'feature_channels': model.embed_dim,
            'norm_eps': model.norm.eps,
            'all_tensors': len(tensors),
        }
    shallow = next(prefixes for part, prefixes in SHALLOW.items() if hasattr(model, part))
    return {
        'tensors': {
            name: list(tensor.shape)
            for name, tensor in tensors.items()
            if name.startswith(shallow) and not name.endswith('num_batches_tracked')
        },
        'feature_channels': {
            f'stride{info["reduction"]}': info['num_chs']
            for info in model.feature_info
            if info['reduction'] in (8, 16)
        },
        'bn_eps': model.bn1.eps,
        'all_tensors': len(tensors),
    }
