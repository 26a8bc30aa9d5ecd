"""Named tuples that kernels are given by reference.

numba gives a tuple to a function piece by piece: the arrays of a problem are nearly five hundred numbers, which every
call in every kernel names one by one, and most of the time that it takes to compile is spent on them. Here the numbers
are laid out once, where Python calls, and kernels are given the address. They never change while kernels run, and the
compiler is told so; it then keeps what a loop needs in registers as before.
"""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.boxing import unbox_tuple
from numba.core.datamodel.models import PrimitiveModel
from numba.core.extending import NativeValue, register_model, typeof_impl, unbox
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.core.typing.typeof import typeof

__all__ = ["by_reference"]

Class = TypeVar("Class", bound=type)


def by_reference(named_tuple: Class) -> Class:
    """Kernels are given these tuples by reference."""

    @typeof_impl.register(named_tuple)
    def _type_of(value: Any, _context: Any) -> Reference:
        return Reference(types.NamedTuple([typeof(field) for field in value], named_tuple))

    return named_tuple


class Reference(types.Type):
    """The address of a named tuple."""

    def __init__(self, to: types.NamedTuple) -> None:
        self.to = to
        super().__init__(name=f"Reference({to})")

    @property
    def mangling_args(self) -> tuple[str, tuple[str, ...]]:
        # Names of compiled functions are made of their arguments' types: a short one.
        return self.to.instance_class.__name__, (hashlib.sha256(self.name.encode()).hexdigest()[:8],)


@register_model(Reference)
class _Address(PrimitiveModel):
    def __init__(self, manager: Any, typ: Reference) -> None:
        super().__init__(manager, typ, manager.lookup(typ.to).get_data_type().as_pointer())


@unbox(Reference)
def _lay_out(typ: Reference, value: Any, context: Any) -> NativeValue:
    """Writes the tuple's numbers on the stack of the wrapper that Python calls."""
    native, builder = unbox_tuple(typ.to, value, context), context.builder
    place = cgutils.alloca_once_value(
        builder, context.context.data_model_manager[typ.to].as_data(builder, native.value)
    )
    # From here on nobody writes there. Without this line LLVM could move what it was told never changes
    # before the writing.
    here = builder.asm(ir.FunctionType(place.type, [place.type]), "", "=r,0,~{memory}", [place], True)
    return NativeValue(here, is_error=native.is_error, cleanup=native.cleanup)


@infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, typ: Reference, name: str) -> types.Type | None:  # type: ignore[override]
        return typ.to[typ.to.fields.index(name)] if name in typ.to.fields else None


@lower_getattr_generic(Reference)
def _field(context: Any, builder: Any, typ: Reference, address: Any, name: str) -> Any:
    index = typ.to.fields.index(name)
    numbers = _load(builder, cgutils.gep_inbounds(builder, address, 0, index))
    value = context.data_model_manager[typ.to[index]].from_data(builder, numbers)
    return impl_ret_borrowed(context, builder, typ.to[index], value)


def _load(builder: Any, address: Any) -> Any:
    """Reads number by number: LLVM forgets that they never change where it has to take an array or structure apart."""
    there = address.type.pointee
    if not isinstance(there, ir.Aggregate):
        number = builder.load(address)
        number.set_metadata("invariant.load", builder.module.add_metadata([]))
        return number
    value = ir.Constant(there, ir.Undefined)
    for place in range(len(there)):
        value = builder.insert_value(value, _load(builder, cgutils.gep_inbounds(builder, address, 0, place)), place)
    return value
