"""The few parts of timm that attention code borrows."""
from itertools import repeat

import torch
from torch import nn
from torch.nn.init import trunc_normal_  # noqa: F401


def to_ntuple(n):
    return lambda x: tuple(x) if isinstance(x, (tuple, list)) else tuple(repeat(x, n))


to_1tuple, to_2tuple, to_3tuple = to_ntuple(1), to_ntuple(2), to_ntuple(3)


class DropPath(nn.Module):
    def __init__(self, drop_prob=0.0, scale_by_keep=True):
        super().__init__()
        self.drop_prob = drop_prob

    def forward(self, x):
        if not self.drop_prob or not self.training:
            return x
        kept = 1 - self.drop_prob
        return x * (torch.rand((x.shape[0],) + (1,) * (x.ndim - 1)) < kept) / kept


def drop_path(x, drop_prob=0.0, training=False):
    layer = DropPath(drop_prob)
    return layer.train(training)(x)


def lecun_normal_(tensor):
    return nn.init.kaiming_normal_(tensor, nonlinearity="linear")


class Mlp(nn.Module):
    def __init__(self, in_features, hidden_features=None, out_features=None, act_layer=nn.GELU, drop=0.0):
        super().__init__()
        self.fc1 = nn.Linear(in_features, hidden_features or in_features)
        self.act = act_layer()
        self.fc2 = nn.Linear(hidden_features or in_features, out_features or in_features)
        self.drop = nn.Dropout(drop)

    def forward(self, x):
        return self.drop(self.fc2(self.drop(self.act(self.fc1(x)))))
