from timm.layers import *  # noqa: F401, F403
from timm.layers import trunc_normal_  # noqa: F401
