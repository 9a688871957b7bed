"""A linear layer that multiplies 8-bit whole numbers.

PyTorch's own dynamic quantisation takes one scale for a whole batch: a few large activations then
cost all others their precision (cosine to float32 .97 with multilingual-e5-small), and a text's
vector depends on its neighbours in the batch. Here each token has a scale and a middle of its own
and each output a scale of its own, as in ZeroQuant (Yao and others, 2022) and LLM.int8()
(Dettmers and others, 2022): cosine .9997, and neighbours do not matter.
"""

import torch
from torch import nn

# A token's values lie within 127 steps either side of their middle.
STEPS = 254
SMALLEST_STEP = 1e-12


class Int8Linear(nn.Module):
    """What an `nn.Linear` gives, within some thousandths, from float32 to float32."""

    weight: torch.Tensor
    scale: torch.Tensor
    sums: torch.Tensor
    bias: torch.Tensor

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        exact = layer.weight.detach().float()
        scale = exact.abs().amax(1).div_(127).clamp_(min=SMALLEST_STEP)
        whole = (exact / scale[:, None]).round_()
        bias = torch.zeros(len(scale)) if layer.bias is None else layer.bias.detach().float()
        self.register_buffer("weight", whole.to(torch.int8).t().contiguous())
        self.register_buffer("scale", scale)
        self.register_buffer("sums", whole.sum(1) * scale)
        self.register_buffer("bias", bias.clone())

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Take (…, in_features) and give (…, out_features)."""
        rows = inputs.reshape(-1, inputs.shape[-1])
        high, low = rows.amax(1, keepdim=True), rows.amin(1, keepdim=True)
        middle = (high + low).div_(2)
        step = (high - low).div_(STEPS).clamp_(min=SMALLEST_STEP)
        whole = (rows - middle).div_(step).round_().to(torch.int8)
        product = (torch._int_mm(whole, self.weight) * step).mul_(self.scale)
        outputs = product.addcmul_(middle, self.sums).add_(self.bias)
        return outputs.reshape(*inputs.shape[:-1], -1)


def replace_linear_layers(network: nn.Module) -> None:
    """Put an `Int8Linear` in the place of each `nn.Linear` inside `network`."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                setattr(module, name, Int8Linear(child))
