use shapes::{largest, side, Square};
extern "C" {
    fn from_c(x: u32) -> u32;
}
#[no_mangle]
#[inline(never)]
pub extern "C" fn to_c(x: u32) -> u32 {
    x ^ 5
}
#[inline(never)]
fn call(f: &dyn Fn(u64) -> u64, x: u64) -> u64 {
    f(x)
}
fn main() {
    let n = std::env::args().count() as u64;
    println!("largest {}", largest(&[Square(n), Square(n + 1)]));
    println!("closure {}", call(std::hint::black_box(&|x| x + n), 3));
    println!("c {}", unsafe { from_c(n as u32) });
    println!("caught {}", std::panic::catch_unwind(|| side(7)).is_err());
}
