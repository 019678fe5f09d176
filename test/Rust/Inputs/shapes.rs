#![crate_type = "rlib"]
pub trait Area {
    fn area(&self) -> u64;
}
pub struct Square(pub u64);
impl Area for Square {
    #[inline(never)]
    fn area(&self) -> u64 {
        self.0 * self.0
    }
}
#[inline(never)]
pub fn largest<T: Area>(all: &[T]) -> u64 {
    all.iter().map(|one| one.area()).max().unwrap_or(0)
}
#[inline(never)]
pub fn side(of: u64) -> u64 {
    assert!(of != 7, "seven is no side");
    of
}
